package io.github.hc5.utls.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.hc5.utls.pool.PoolSettings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers: which of them wins, what each kind of source can say, and where a value comes from. */
class ConfigLoaderTest {

    @TempDir
    Path folder;

    private static String originOf(UtlsConfig config, String name) {
        return config.values().stream()
                .filter(value -> value.name().equals(name))
                .map(value -> value.text() + " " + value.origin())
                .findFirst()
                .orElse("none");
    }

    @Test
    void withoutLayersTheDefaultsOfTheRecordsAreInForce() {
        UtlsConfig config = ConfigLoader.empty().load();

        assertThat(config.pool())
                .isEqualTo(PoolSettings.builder().maxIdle(20).build())
                .isEqualTo(UtlsConfig.defaults().pool());
        assertThat(originOf(config, "pool.max_connections")).isEqualTo("100 default");
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void eachLayerOverridesTheOneBelowKeyByKey() throws IOException {
        Path config = Files.createDirectory(folder.resolve("config"));
        Files.writeString(
                config.resolve("utls.toml"), "[pool]\nmax_connections = 1000\nconn_timeout = 1\ntest_timeout = 1");
        Files.writeString(folder.resolve("utls.toml"), "[pool]\nconn_timeout = 2\ntest_timeout = 2\nidle_timeout = 2");
        Files.writeString(folder.resolve("own.toml"), "[pool]\ntest_timeout = 3\nidle_timeout = 3\nmax_lifetime = 3");
        Map<String, String> environment = Map.of(
                "UTLS_CONFIG", "own.toml", "IDLE_TIMEOUT", "4", "MAX_LIFETIME", "4", "UTLS_POOL_MAX_LIFETIME", "5");

        UtlsConfig loaded = ConfigLoader.standard(folder, null, environment).load();

        PoolSettings pool = loaded.pool();
        assertThat(pool.maxTotal()).isEqualTo(1000);
        assertThat(pool.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(pool.checkTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(pool.idleTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(pool.maxLifetime()).isEqualTo(Duration.ofSeconds(5));
        assertThat(originOf(loaded, "pool.conn_timeout")).isEqualTo("2 " + folder.resolve("utls.toml") + ":2:1");
        assertThat(originOf(loaded, "pool.idle_timeout")).isEqualTo("4 environment variable IDLE_TIMEOUT");
        assertThat(originOf(loaded, "pool.max_lifetime")).isEqualTo("5 environment variable UTLS_POOL_MAX_LIFETIME");
    }

    @Test
    void thePropertyNamesTheFileBeforeTheVariableDoes() throws IOException {
        Files.writeString(folder.resolve("one.toml"), "[pool]\nmax_connections = 11");
        Files.writeString(folder.resolve("two.toml"), "[pool]\nmax_connections = 12");

        UtlsConfig loaded = ConfigLoader.standard(folder, "one.toml", Map.of("UTLS_CONFIG", "two.toml"))
                .load();

        assertThat(loaded.pool().maxTotal()).isEqualTo(11);
    }

    @Test
    void aPresetStandsBelowWhatAnyLayerSets() {
        UtlsConfig loaded = ConfigLoader.empty()
                .text("low", "[pool]\nmax_connections = 900")
                .text("high", "preset = \"throughput\"")
                .load();

        assertThat(loaded.preset()).contains("throughput");
        assertThat(loaded.pool().maxTotal()).isEqualTo(900);
        assertThat(loaded.pool().maxPerRoute()).isEqualTo(100);
        assertThat(loaded.pool().maxIdle()).isEqualTo(200);
        assertThat(originOf(loaded, "pool.max_idle_conns")).startsWith("200 preset throughput:");
    }

    @Test
    void namedValuesMayBeDottedNestedTextsOrHyphenated() {
        UtlsConfig loaded = ConfigLoader.empty()
                .values(
                        "application.yaml",
                        Map.of(
                                "pool.max-connections",
                                "70",
                                "pool",
                                Map.of("multiplexing", "false"),
                                "pool.idle_timeout",
                                Duration.ofMillis(1500),
                                "fingerprint.policy",
                                "PER-HOST",
                                "fingerprint.shares.chrome-156",
                                3,
                                "fingerprint.shares[firefox-153]",
                                1.5,
                                "tls.pins.www.example.com[0]",
                                "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
                .load();

        assertThat(loaded.pool().maxTotal()).isEqualTo(70);
        assertThat(loaded.pool().multiplexing()).isFalse();
        assertThat(loaded.pool().idleTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(loaded.fingerprint().policy()).isEqualTo(FingerprintSettings.Policy.PER_HOST);
        assertThat(loaded.fingerprint().shares())
                .containsEntry("chrome-156", 3.0)
                .containsEntry("firefox-153", 1.5);
        assertThat(originOf(loaded, "tls.pins.\"www.example.com\""))
                .isEqualTo("[\"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"] application.yaml");
        assertThat(originOf(loaded, "pool.max_connections")).isEqualTo("70 application.yaml");
    }

    @Test
    void theEnvironmentSetsListsAndTables() {
        UtlsConfig loaded = ConfigLoader.empty()
                .environment(Map.of(
                        "UTLS_FINGERPRINT_SHARES", "{ \"chrome-156\" = 3 }",
                        "UTLS_FINGERPRINT_POLICY", "per_host",
                        "UTLS_POOL_SERVICE_HOST", "10.0.0.1",
                        "UTLS_POOL_PORT_80_TCP_ADDR", "10.0.0.1"))
                .load();

        assertThat(loaded.fingerprint().shares()).containsEntry("chrome-156", 3.0);
    }

    @Test
    void limitsThatNobodySetFollowALowerTotal() {
        UtlsConfig loaded = ConfigLoader.empty()
                .text("a.toml", "[pool]\nmax_connections = 5")
                .load();

        assertThat(loaded.pool().maxPerRoute()).isEqualTo(5);
        assertThat(loaded.pool().maxIdle()).isEqualTo(5);
        assertThat(originOf(loaded, "pool.max_idle_conns")).isEqualTo("5 default, at most pool.max_connections");
    }

    @Test
    void unusualLimitsAreWarnedOf() {
        UtlsConfig loaded = ConfigLoader.empty()
                .text("a.toml", "[pool]\nmax_conns_per_host = 60")
                .load();

        assertThat(loaded.warnings())
                .containsExactly("a.toml:2:1: pool.max_conns_per_host: is 60, usual is from 5 to 50");
    }

    @Test
    void allProblemsOfAllLayersAreSaidAtOnce() {
        ConfigLoader loader = ConfigLoader.empty()
                .text("a.toml", "[pool]\nmax_connections = 0\nidle_timeout = \"5 parsecs\"\n[poool]\n")
                .values("b", Map.of("pool.multiplexing", "perhaps"))
                .environment(Map.of("UTLS_POOL_MAX_CONECTIONS", "5", "CONN_TIMEOUT", "soon"));

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(loader::load)
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                "a.toml:2:1: pool.max_connections: is 0, must be an integer from 1 to 1000000",
                                "a.toml:3:1: pool.idle_timeout: is \"5 parsecs\", must be a duration of 0s or more, as"
                                        + " whole seconds or a string with a unit (ms, s, m, h or d)",
                                "a.toml:4:1: poool: unknown key, did you mean pool?",
                                "b: pool.multiplexing: is \"perhaps\", must be true or false",
                                "environment variable UTLS_POOL_MAX_CONECTIONS: unknown variable, did you mean"
                                        + " UTLS_POOL_MAX_CONNECTIONS?",
                                "environment variable CONN_TIMEOUT: pool.conn_timeout: is \"soon\", must be a duration"
                                        + " from 1ms to 1d, as whole seconds or a string with a unit (ms, s, m, h or"
                                        + " d)"));
    }

    @Test
    void filesThatCannotBeReadAreSaidByTheirNames() throws IOException {
        Path missing = folder.resolve("missing.toml");
        Path latin = Files.write(folder.resolve("latin.toml"), new byte[] {'#', (byte) 0xe9});
        ConfigLoader loader =
                ConfigLoader.empty().file(missing).file(folder).file(latin).fileIfPresent(missing);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(loader::load)
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                missing + ":1:1: does not exist, must be a file in TOML",
                                folder + ":1:1: is a folder, must be a file in TOML",
                                latin + ":1:1: is not in UTF-8, must be a file in TOML, which is"));
    }

    /** As root reads every file, none can be made that is not allowed to be read. */
    @Test
    void aFileThatMayNotBeReadIsSaidByItsName() {
        Problems problems = new Problems();
        new TomlSource("locked.toml", null, true, () -> {
                    throw new AccessDeniedException("locked.toml");
                })
                .read(problems);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(problems::throwIfAny)
                .withMessage("locked.toml:1:1: cannot be read: permission denied, must be a file in TOML");
    }

    @Test
    void secretsAreShownNowhere() throws IOException {
        Path store = Files.writeString(folder.resolve("store.p12"), "not a key store");
        ConfigLoader loader = ConfigLoader.empty()
                .values("map", Map.of("tls.trust_store", store.toString(), "tls.trust_store_password", "Geheim42"))
                .text("b.toml", "[tls]\nkey_store_password = 4711");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(loader::load)
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain("Geheim42", "4711")
                        .contains("map: tls.trust_store: " + store + " cannot be read as PKCS #12, JKS or PEM")
                        .contains("b.toml:2:1: tls.key_store_password: is an integer, must be a string"));
    }

    @Test
    void everyKeyIsDescribed() {
        for (ConfigKey<?> key : ConfigKeys.all()) {
            assertThat(key.comment()).as(key.name()).matches("[^\\n]{10,120}\\.");
            assertThat(key.allowed()).as(key.name()).isNotBlank();
            assertThat(key.example()).as(key.name()).isNotBlank();
            assertThat(ConfigKeys.find(key.name())).containsSame(key);
        }
        assertThat(ConfigKeys.all().stream().map(ConfigKey::environmentName).toList())
                .contains("UTLS_POOL_MAX_CONNECTIONS", "UTLS_TLS_PINS");
    }

    @Test
    void presetsAreConstantsToo() {
        assertThat(List.of(Preset.values()).stream()
                        .map(preset -> preset.config().pool())
                        .map(pool -> pool.maxTotal() + "/" + pool.maxPerRoute() + "/" + pool.maxIdle()))
                .containsExactly("500/50/100", "200/20/50", "200/20/50", "1000/100/200", "400/8/40", "80/4/15");
    }
}
