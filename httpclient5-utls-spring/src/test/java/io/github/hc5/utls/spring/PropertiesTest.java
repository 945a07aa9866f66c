package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** What properties mean, however they are written, and what is said of wrong ones. */
class PropertiesTest {

    private final StandardEnvironment environment = new StandardEnvironment();

    PropertiesTest() {
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
    }

    private void yaml(String text) throws Exception {
        new YamlPropertySourceLoader()
                .load("application.yaml", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
                .forEach(environment.getPropertySources()::addLast);
    }

    private void variables(Map<String, Object> variables) {
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    }

    private UtlsConfig config(String pool) {
        return PoolProperties.of(environment)
                .load(pool, new DefaultResourceLoader())
                .config();
    }

    @Test
    void kebabCaseNamesMeanTheKeysOfFiles() throws Exception {
        yaml("""
                limit: 77
                httpclient5:
                  utls:
                    enabled: true
                    fingerprint:
                      profile: firefox
                    pool:
                      max-connections: ${limit}
                      maxConnsPerHost: 8
                      idle_timeout: 45s
                      conn-timeout: 5
                    tls:
                      pins:
                        "[www.example.com]": sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
                    prewarm:
                      hosts:
                        "[https://example.com]": 3
                """);
        UtlsConfig config = config("default");
        assertThat(config.fingerprint().profile()).isEqualTo("firefox");
        assertThat(config.pool().maxTotal()).isEqualTo(77);
        assertThat(config.pool().maxPerRoute()).isEqualTo(8);
        assertThat(config.pool().idleTimeout()).isEqualTo(Duration.ofSeconds(45));
        assertThat(config.pool().connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.prewarm().hosts()).isEqualTo(Map.of("https://example.com", 3));
    }

    @Test
    void environmentVariablesOverrideFiles() throws Exception {
        yaml("""
                httpclient5.utls.pool.max-connections: 10
                httpclient5.utls.pools.slow.pool.max-connections: 11
                """);
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("HTTPCLIENT5_UTLS_POOL_MAX_CONNECTIONS", "50");
        variables.put("HTTPCLIENT5_UTLS_POOL_MAXIDLECONNS", "5");
        variables.put("HTTPCLIENT5_UTLS_POOLS_SLOW_POOL_MAXCONNECTIONS", "12");
        variables(variables);
        assertThat(config("default").pool().maxTotal()).isEqualTo(50);
        assertThat(config("default").pool().maxIdle()).isEqualTo(5);
        assertThat(config("slow").pool().maxTotal()).isEqualTo(12);
    }

    @Test
    void namedPoolsBuildOnTheDefaultOne() throws Exception {
        yaml("""
                httpclient5:
                  utls:
                    pool:
                      max-connections: 40
                      max-idle-conns: 3
                    prewarm:
                      hosts:
                        "[https://example.com]": 3
                    pools:
                      slow:
                        pool:
                          max-connections: 4
                        fingerprint:
                          profile: firefox
                """);
        PoolProperties properties = PoolProperties.of(environment);
        assertThat(properties.names()).containsExactly("default", "slow");
        UtlsConfig slow = config("slow");
        assertThat(slow.pool().maxTotal()).isEqualTo(4);
        assertThat(slow.pool().maxIdle()).isEqualTo(3);
        assertThat(slow.fingerprint().profile()).isEqualTo("firefox");
        assertThat(slow.prewarm().hosts()).isEmpty();
        assertThat(config("default").pool().maxTotal()).isEqualTo(40);
    }

    @Test
    void aFileOfTheLibraryComesBelow(@TempDir Path folder) throws Exception {
        Path file =
                Files.writeString(folder.resolve("utls.toml"), "[pool]\nmax_connections = 30\nmax_idle_conns = 3\n");
        yaml("httpclient5.utls.config: '" + file + "'\nhttpclient5.utls.pool.max-connections: 31\n");
        assertThat(config("default").pool().maxTotal()).isEqualTo(31);
        assertThat(config("default").pool().maxIdle()).isEqualTo(3);
    }

    @Test
    void theAnalysisNamesPropertyValueOriginAndWhatIsAllowed() throws Exception {
        yaml("""
                httpclient5:
                  utls:
                    pool:
                      max-connections: -3
                      max-conection: 5
                    fingerprint:
                      profile: netscape
                """);
        assertThatExceptionOfType(InvalidPoolPropertiesException.class)
                .isThrownBy(() -> config("default"))
                .satisfies(failure -> {
                    FailureAnalysis analysis = analysis(new IllegalStateException("outer", failure));
                    assertThat(analysis.getDescription())
                            .contains("Property: httpclient5.utls.pool.max-connections")
                            .contains("Value: \"-3\"")
                            .containsPattern("Origin: .*application\\.yaml.*4:24|Origin: .*4:24")
                            .contains("must be")
                            .contains("max-conection")
                            .contains("max_connections")
                            .contains("Property: httpclient5.utls.fingerprint.profile")
                            .contains("netscape");
                });
    }

    @Test
    void secretsAreNotShown() throws Exception {
        yaml("httpclient5.utls.tls.trust-store-password: [a, b]");
        try {
            config("default");
        } catch (InvalidPoolPropertiesException e) {
            FailureAnalysis analysis = analysis(e);
            assertThat(analysis.getDescription()).doesNotContain("[a, b]");
            assertThat(e.mistakes()).isNotEmpty();
            assertThat(e.mistakes().get(0).value()).isIn("***", null);
        }
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        yaml("httpclient5.utls.config: no/such/utls.toml");
        assertThatExceptionOfType(InvalidConfigFileException.class)
                .isThrownBy(() -> config("default"))
                .satisfies(failure ->
                        assertThat(analysis(failure).getDescription()).contains("no/such/utls.toml"));
    }

    @Test
    void manyPoolsCanBeInjectedByName() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        UtlsAutoConfiguration.class,
                        UtlsImperativeAutoConfiguration.class,
                        UtlsReactiveAutoConfiguration.class))
                .withPropertyValues("httpclient5.utls.pools.slow.pool.max-connections=4")
                .withBean(Slow.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(Slow.class).manager.getMaxTotal())
                            .isEqualTo(4);
                    assertThat(context.getBean(Slow.class).other).isNotSameAs(context.getBean(Slow.class).manager);
                    assertThat(context.getBean(UtlsPools.class).names())
                            .isEqualTo(new LinkedHashSet<>(List.of("default", "slow")));
                });
    }

    static final class Slow {
        private final HotConnectionManager manager;
        private final HotConnectionManager other;

        Slow(
                @Qualifier("slow") HotConnectionManager manager,
                HotConnectionManager other,
                @Qualifier("slow") RestClient.Builder rest,
                @Qualifier("slow") WebClient.Builder web,
                @Qualifier("slow") RestTemplateBuilder template) {
            this.manager = manager;
            this.other = other;
            rest.build();
            web.build();
            template.build();
        }
    }

    private static FailureAnalysis analysis(Throwable failure) {
        return Objects.requireNonNull(new PoolPropertiesFailureAnalyzer().analyze(failure));
    }
}
