package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.BrowserTransport;
import io.github.hc5.utls.config.ConfigKey;
import io.github.hc5.utls.config.ConfigKeys;
import io.github.hc5.utls.config.UtlsConfig;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/** What development environments and native images are told. */
class MetadataTest {

    private static final Map<String, JsonNode> PROPERTIES = new LinkedHashMap<>();
    private static final Map<String, JsonNode> HINTS = new LinkedHashMap<>();

    @BeforeAll
    static void read() throws Exception {
        var location = UtlsAutoConfiguration.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation();
        JsonNode root;
        try (InputStream in = new URL(location, "META-INF/spring-configuration-metadata.json").openStream()) {
            root = new ObjectMapper().readTree(in);
        }
        root.path("properties").forEach(p -> PROPERTIES.put(p.path("name").asText(), p));
        root.path("hints").forEach(h -> HINTS.put(h.path("name").asText(), h));
    }

    @Test
    void everyKeyIsDescribed() {
        for (ConfigKey<?> key : ConfigKeys.all()) {
            String name = KeyNames.property(key.name()).replaceFirst("\\.<.*", "");
            JsonNode property = Objects.requireNonNull(PROPERTIES.get(name), name);
            assertThat(property.path("description").asText()).as(name).isNotEmpty();
            assertThat(property.has("defaultValue")).as(name).isEqualTo(!key.isPattern() && key.defaultText() != null);
            // of a map of values Spring describes the whole alone
            if (!key.isPattern() && !key.choices().isEmpty()) {
                List<String> values = new ArrayList<>();
                Objects.requireNonNull(HINTS.get(name), name)
                        .path("values")
                        .forEach(v -> values.add(v.path("value").asText()));
                assertThat(values).isEqualTo(key.choices());
            }
        }
    }

    @Test
    void profilesAreOffered() {
        assertThat(String.valueOf(HINTS.get("httpclient5.utls.fingerprint.profile")))
                .contains("\"chrome\"", "\"chrome-156\"", "\"firefox-153\"", "\"any\"");
    }

    /** Each default that is shown may be written, and changes nothing. */
    @Test
    void theDefaultsAreTheDefaults() {
        Map<String, Object> source = new LinkedHashMap<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            String name = KeyNames.property(key.name()).replaceFirst("\\.<.*", "");
            JsonNode value = Objects.requireNonNull(PROPERTIES.get(name), name).path("defaultValue");
            if (!key.isPattern() && value.isValueNode() && !value.isMissingNode()) {
                source.put(KeyNames.property(key.name()), value.asText());
            }
        }
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("defaults", source));
        UtlsConfig config = PoolProperties.of(environment)
                .load("default", new DefaultResourceLoader())
                .config();
        assertThat(config.pool()).isEqualTo(UtlsConfig.defaults().pool());
        assertThat(config.timeouts()).isEqualTo(UtlsConfig.defaults().timeouts());
        assertThat(config.prewarm()).isEqualTo(UtlsConfig.defaults().prewarm());
    }

    @Test
    void typesAreOnesThatBootKnows() throws Exception {
        for (JsonNode property : PROPERTIES.values()) {
            String type = property.path("type").asText().replaceFirst("<.*", "");
            assertThat(Class.forName(type)).isNotNull();
            if (type.equals("java.time.Duration") && property.has("defaultValue")) {
                assertThat(ApplicationConversionService.getSharedInstance()
                                .convert(property.path("defaultValue").asText(), Duration.class))
                        .isNotNull();
            }
        }
    }

    @Test
    void nativeImagesKeepWhatIsFoundByName() {
        RuntimeHints hints = new RuntimeHints();
        new UtlsRuntimeHints().registerHints(hints, getClass().getClassLoader());
        assertThat(RuntimeHintsPredicates.resource()
                        .forResource("io/github/hc5/utls/fingerprint/profiles/chrome-156.toml"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/github/hc5/utls/fingerprint/profiles/index.txt"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(BrowserTransport.class))
                .accepts(hints);
    }
}
