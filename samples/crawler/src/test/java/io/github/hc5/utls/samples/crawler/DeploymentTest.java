package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;

/** The files in {@code config/} agree with one another and with the service. */
@Timeout(60)
class DeploymentTest {

    private static final Path CONFIG = root().resolve("config");
    private static final String PORT = "8080";

    /** What the JVM and Spring Boot know, and the service therefore too. */
    private static final Set<String> NOT_OURS = Set.of("JAVA_TOOL_OPTIONS", "SERVER_ADDRESS", "CRAWLER_CONFIG");

    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = Objects.requireNonNull(directory.getParent(), "not in the project");
        }
        return directory;
    }

    private static String text(String file) throws IOException {
        return Files.readString(CONFIG.resolve(file));
    }

    private static List<JsonNode> documents(String file) throws IOException {
        return StreamSupport.stream(
                        new Yaml(new SafeConstructor(new LoaderOptions()))
                                .loadAll(text(file))
                                .spliterator(),
                        false)
                .<JsonNode>map(Service.JSON::valueToTree)
                .toList();
    }

    private static JsonNode kubernetes(String kind) throws IOException {
        return documents("kubernetes.yaml").stream()
                .filter(document -> document.get("kind").stringValue().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode container() throws IOException {
        return kubernetes("Deployment").at("/spec/template/spec/containers/0");
    }

    /** The names of the environment that the settings are bound to. */
    private static Set<String> known() {
        Set<String> names = new TreeSet<>(NOT_OURS);
        names("CRAWLER", CrawlerSettings.class, names);
        return names;
    }

    private static void names(String prefix, Class<?> type, Set<String> names) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "_" + component.getName().toUpperCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                names(name, component.getType(), names);
            } else {
                names.add(name);
            }
        }
    }

    @Test
    void allNameOnePort() throws Exception {
        List<PropertySource<?>> own = new YamlPropertySourceLoader()
                .load(
                        "own",
                        new FileSystemResource(root().resolve("samples/crawler/src/main/resources/application.yaml")));
        assertThat(String.valueOf(own.get(0).getProperty("server.port"))).isEqualTo(PORT);
        assertThat(text("Dockerfile")).contains("\nEXPOSE " + PORT + "\n");
        assertThat(container().at("/ports/0/containerPort").asString()).isEqualTo(PORT);
        String name = container().at("/ports/0/name").stringValue();
        assertThat(kubernetes("Service").at("/spec/ports/0/targetPort").stringValue())
                .isEqualTo(name);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container().get(probe).at("/httpGet/port").stringValue()).isEqualTo(name);
        }
        JsonNode compose = documents("compose.yaml").get(0).at("/services/crawler");
        assertThat(compose.at("/ports/0").stringValue()).isEqualTo("127.0.0.1:" + PORT + ":" + PORT);
        assertThat(compose.at("/healthcheck/test").toString()).contains("/127.0.0.1/" + PORT);
    }

    @Test
    void theServiceAnswersTheProbes() throws Exception {
        Set<String> paths = new TreeSet<>();
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            paths.add(container().get(probe).at("/httpGet/path").stringValue());
        }
        Matcher compose = Pattern.compile("GET (\\S+) HTTP").matcher(text("compose.yaml"));
        assertThat(compose.find()).isTrue();
        paths.add(compose.group(1));
        assertThat(paths).containsExactly("/live", "/ready");
        try (Service service = Service.start("crawler.token=0123456789abcdef")) {
            for (String path : paths) {
                // as the kubelet asks: by the pod's address, without a token
                assertThat(service.get(path).statusCode()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void theServiceKnowsEachNameOfTheEnvironment() throws Exception {
        List<String> used = new ArrayList<>();
        container().get("env").forEach(each -> used.add(each.get("name").stringValue()));
        used.addAll(documents("compose.yaml")
                .get(0)
                .at("/services/crawler/environment")
                .propertyNames());
        Matcher docker = Pattern.compile("(?m)^(?:ENV|   ) +([A-Z_]+)=").matcher(text("Dockerfile"));
        while (docker.find()) {
            used.add(docker.group(1));
        }
        assertThat(used).contains("SERVER_ADDRESS", "CRAWLER_TOKEN", "CRAWLER_TARGETS_ALLOW", "CRAWLER_CONFIG");
        assertThat(known()).containsAll(used);
    }

    @Test
    void theImageRunsAsSomebodyWithAJreOnly() throws Exception {
        String dockerfile = text("Dockerfile");
        String last = dockerfile.substring(dockerfile.lastIndexOf("\nFROM "));
        assertThat(last).startsWith("\nFROM eclipse-temurin:17-jre");
        Matcher user = Pattern.compile("(?m)^USER (\\d+):(\\d+)$").matcher(last);
        assertThat(user.find()).isTrue();
        assertThat(container().at("/securityContext/readOnlyRootFilesystem").booleanValue())
                .isTrue();
        JsonNode pod = kubernetes("Deployment").at("/spec/template/spec");
        assertThat(pod.at("/securityContext/runAsUser").asString())
                .isEqualTo(user.group(1))
                .isNotEqualTo("0");
        assertThat(pod.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
        for (String kind : List.of("requests", "limits")) {
            assertThat(container().at("/resources/" + kind).propertyNames()).contains("cpu", "memory");
        }
        // the jar that the build makes
        assertThat(dockerfile).contains("samples/crawler/target/quick/utls-crawler-*-app.jar");
        assertThat(Files.readString(root().resolve("samples/crawler/pom.xml")))
                .contains("<artifactId>utls-crawler</artifactId>", "<classifier>app</classifier>");
    }

    @Test
    void thereIsTimeToEnd() throws Exception {
        JsonNode pod = kubernetes("Deployment").at("/spec/template/spec");
        long wait = container().at("/lifecycle/preStop/sleep/seconds").longValue();
        long shutdown = 30;
        assertThat(pod.get("terminationGracePeriodSeconds").longValue()).isGreaterThanOrEqualTo(wait + shutdown + 10);
        assertThat(documents("compose.yaml")
                        .get(0)
                        .at("/services/crawler/stop_grace_period")
                        .stringValue())
                .isEqualTo("60s");
        assertThat(kubernetes("ConfigMap").at("/data/crawler.toml").stringValue())
                .contains("shutdown = \"" + shutdown + "s\"");
    }

    @Test
    void theReferenceFileHasEveryKeyWithItsDefault() throws Exception {
        PropertySource<?> file = new TomlPropertySourceLoader()
                .load("reference", new FileSystemResource(CONFIG.resolve("crawler.toml")))
                .get(0);
        Set<String> inFile = new TreeSet<>();
        for (String name : ((EnumerablePropertySource<?>) file).getPropertyNames()) {
            inFile.add(name.replace("_", "").replace('.', '_').toUpperCase(Locale.ROOT));
        }
        Set<String> all = known();
        all.removeAll(NOT_OURS);
        assertThat(inFile).isEqualTo(all);
        CrawlerSettings defaults = new Binder().bindOrCreate("crawler", CrawlerSettings.class);
        try (Service service = fromFile(CONFIG.resolve("crawler.toml"))) {
            assertThat(service.context.getBean(CrawlerSettings.class)).isEqualTo(defaults);
        }
    }

    @Test
    void theManifestsFileIsReadAndTheEnvironmentWins(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("crawler.toml");
        Files.writeString(file, kubernetes("ConfigMap").at("/data/crawler.toml").stringValue());
        try (Service service = fromFile(file, "crawler.limits.streams=3")) {
            CrawlerSettings settings = service.context.getBean(CrawlerSettings.class);
            assertThat(settings.targets().allow()).containsExactly("*.example.com");
            assertThat(settings.shutdown()).isEqualTo(Duration.ofSeconds(30));
            assertThat(settings.limits().streams()).isEqualTo(3);
        }
    }

    @Test
    void whatIsWrongInAFileIsSaidWithItsPlace(@TempDir Path directory) throws Exception {
        for (Map.Entry<String, List<String>> each : Map.of(
                        "[crawler]\n\n  shutdown = \"6m\"\n", List.of("crawler.shutdown", "PT6M", "0s to 5m"),
                        "[crawler.limits]\nurls = 0\n", List.of("crawler.limits.urls", "1 to 1000000"),
                        "[crawler.limits]\nurl = 1\n", List.of("crawler.limits.url", "2:1"),
                        "[crawler.targets]\nallow = [\"a b\"]\n", List.of("crawler.targets.allow", "'a b'"),
                        "[crawler.targets]\naddresses = [\"10.0.0.0/33\"]\n",
                                List.of("crawler.targets.addresses", "10.0.0.0/33"),
                        "[crawler\n", List.of("1:9"))
                .entrySet()) {
            Path file = directory.resolve("wrong.toml");
            Files.writeString(file, each.getKey());
            assertThatThrownBy(() -> fromFile(file, "logging.level.root=off").close())
                    .satisfies(failure -> {
                        StringBuilder all = new StringBuilder();
                        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                            all.append(cause).append('\n');
                            if (cause instanceof UnboundConfigurationPropertiesException unbound) {
                                unbound.getUnboundProperties().forEach(property -> all.append(property.getOrigin()));
                            }
                        }
                        assertThat(all.toString()).contains(each.getValue());
                    });
        }
        assertThatThrownBy(() -> fromFile(directory.resolve("missing.toml"), "logging.level.root=off")
                        .close())
                .hasMessageContaining("missing.toml");
    }

    private static Service fromFile(Path file, String... more) {
        List<String> properties = new ArrayList<>(
                List.of("CRAWLER_CONFIG=file:" + file, "-crawler.targets.allow", "-crawler.targets.addresses"));
        properties.addAll(List.of(more));
        return Service.start(properties.toArray(String[]::new));
    }
}
