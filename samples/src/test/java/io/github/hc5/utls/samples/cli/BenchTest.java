package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {

    @Test
    void coldRequestsOpenConnectionsAndHotOnesDoNot(@TempDir Path directory) throws Exception {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            Path ca = directory.resolve("ca.pem");
            server.writeCa(ca);
            Outcome outcome = Outcome.of(
                    "bench",
                    "--json",
                    "-n",
                    "40",
                    "--cold",
                    "4",
                    "--concurrency",
                    "8",
                    "--ca",
                    ca.toString(),
                    server.url());
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.status()).isZero();
            ObjectMapper json = new ObjectMapper();
            JsonNode cold = json.readTree(outcome.outLines().get(0));
            JsonNode hot = json.readTree(outcome.outLines().get(1));
            assertThat(cold.get("kind").asText()).isEqualTo("cold");
            assertThat(cold.get("requests").intValue()).isEqualTo(4);
            assertThat(cold.get("connections").intValue()).isEqualTo(4);
            assertThat(hot.get("kind").asText()).isEqualTo("hot");
            assertThat(hot.get("requests").intValue()).isEqualTo(40);
            assertThat(hot.get("concurrency").intValue()).isEqualTo(8);
            assertThat(hot.get("connections").intValue()).isEqualTo(1);
            assertThat(hot.get("requests_per_second").doubleValue()).isPositive();
            assertThat(hot.get("p50_ms").doubleValue())
                    .isPositive()
                    .isLessThanOrEqualTo(hot.get("max_ms").doubleValue());
        }
    }

    @Test
    void whatCannotBeReachedIsOneLine() {
        Outcome outcome = Outcome.of("bench", "-n", "2", "--cold", "1", "http://127.0.0.1:1/");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errLines()).singleElement().asString().contains("127.0.0.1:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n 0", "--cold 0", "--concurrency 0"})
    void nothingToMeasureIsAWrongCommandLine(String options) {
        String[] parts = options.split(" ", -1);
        Outcome outcome = Outcome.of("bench", parts[0], parts[1], "http://127.0.0.1:1/");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("must be 1 or more");
    }

    @Test
    void percentilesAreTheNearestRanks() {
        long[] nanos = new long[200];
        for (int i = 0; i < nanos.length; i++) {
            nanos[nanos.length - 1 - i] = (i + 1) * 1_000_000L;
        }
        Latencies latencies = Latencies.of(nanos);
        assertThat(List.of(50.0, 90.0, 99.0, 99.9, 100.0))
                .extracting(latencies::millis)
                .containsExactly(100.0, 180.0, 198.0, 200.0, 200.0);
        assertThat(Latencies.of(new long[0]).millis(50)).isNaN();
    }
}
