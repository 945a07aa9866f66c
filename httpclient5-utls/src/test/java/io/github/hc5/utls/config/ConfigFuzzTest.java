package io.github.hc5.utls.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a layer holds, it is read, or refused by one exception that names the layer in every line. */
class ConfigFuzzTest {

    private static final String WIDE = """
        preset = "polite"
        [pool]
        max_connections = 500
        idle_timeout = "90s"
        multiplexing = true
        [tls.pins]
        "example.com" = ["sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
        [fingerprint]
        policy = "per_host"
        shares = { chrome = 3, firefox = 1.5 }
        [blacklist]
        ips = ["10.0.0.0/8", "2001:db8::/32"]
        [limits."*.example.com"]
        connections = 8
        rotation = "least_used"
        [alerts.rules.many-waiting]
        metric = "waiting_leases"
        operator = ">"
        threshold = 10
        """;

    static Stream<Arguments> seeds() {
        return Stream.of(
                        WIDE,
                        "[pool]\nmax_connections = 1_000_000\nconn_timeout = \"1.5s\"",
                        "pool.idle_timeout = 0x10\n[[alerts]]\nx = 1979-05-27",
                        "[cluster]\naddresses = [\"redis://localhost:6379\"]\npassword = \"x\"",
                        "[proxies]\nurls = [\"http://127.0.0.1:3128\"]\nweights = { \"http://127.0.0.1:3128\" = 2 }",
                        "[rotation]\nweights = { \"192.0.2.1\" = 2 }\naddresses = { \"a.b\" = [\"::1\"] }")
                .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyFile(byte[] input) {
        refusedWith("fuzzed", ConfigLoader.empty().text("fuzzed", new String(input, StandardCharsets.UTF_8)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyNameAndValue(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        int half = Math.max(0, text.indexOf('='));
        Map<String, ?> values = Map.of(
                "pool.max_connections",
                text,
                text.substring(0, half),
                text.substring(half),
                "limits." + text.substring(0, half) + ".rate",
                List.of(text));
        refusedWith("fuzzed", ConfigLoader.empty().values("fuzzed", values));
    }

    private static void refusedWith(String name, ConfigLoader loader) {
        try {
            UtlsConfig config = loader.load();
            assertThat(config.values()).hasSizeGreaterThan(100);
        } catch (ConfigException e) {
            assertThat(e.problems())
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem).startsWith(name).doesNotContain("\n"));
        }
    }
}
