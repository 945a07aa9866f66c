package io.github.hc5.utls.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2LoadContenderTest {

    private static final String PRINTED = """
            finished in 1.00s, 3.00 req/s, 1.2KB/s
            requests: 4 total, 4 started, 4 done, 3 succeeded, 1 failed, 0 errored, 0 timeout
            status codes: 3 2xx, 0 3xx, 0 4xx, 1 5xx
            traffic: 1.20KB (1234) total, 20B (20) headers (space savings 90.00%), 1.06KB (1089) data
            cpu 0.25 0.50
            """;

    @TempDir
    private Path directory;

    @Test
    void readsWhatItPrinted() throws Exception {
        Path log = Files.writeString(directory.resolve("log"), "1\t200\t30\n2\t200\t10\n3\t200\t20\n");

        Outcome outcome = H2LoadContender.outcome(PRINTED, log, 1);

        assertThat(outcome.requests()).isEqualTo(3);
        assertThat(outcome.errors()).isEqualTo(1);
        assertThat(outcome.bodyBytes()).isEqualTo(1089);
        assertThat(outcome.cpuSeconds()).isEqualTo(0.75);
        assertThat(outcome.p50Micros()).isEqualTo(20);
    }

    @Test
    void saysWhatItCouldNotRead() throws Exception {
        Path log = Files.writeString(directory.resolve("log"), "");

        assertThatIOException()
                .isThrownBy(() -> H2LoadContender.outcome("could not connect", log, 1))
                .withMessageContaining("could not connect");
    }
}
