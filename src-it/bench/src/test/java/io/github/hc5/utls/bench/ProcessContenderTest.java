package io.github.hc5.utls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessContenderTest {

    @TempDir
    private Path directory;

    @Test
    void aClientThatEndsIsAnErrorOfItsOwn() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        try (ProcessContender ended =
                ProcessContender.other("ended", List.of(java.toString(), "-version"), directory.resolve("log"))) {
            for (int i = 0; i < 2; i++) {
                Outcome outcome = ended.perform(Task.load(List.of("https://127.0.0.1/"), 1, 1))
                        .orElseThrow();
                assertThat(outcome.errors()).isEqualTo(1);
                assertThat(outcome.error()).isEqualTo("the client has ended");
                assertThat(outcome.requestsPerSecond()).isZero();
            }
        }
    }
}
