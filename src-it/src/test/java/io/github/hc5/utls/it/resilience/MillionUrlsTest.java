package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A batch from a source far larger than the heap could hold. */
@Timeout(900)
class MillionUrlsTest {

    @Test
    void aMillionLazilyMadeUrlsInASmallHeap() throws Exception {
        int count = Scale.of(10_000, 1_000_000);
        try (FaultServer server = new FaultServer(60, 1, () -> "", (local, id) -> Fault.NONE)) {
            server.doNotRecordAddresses();
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            MillionUrls.class.getName(),
                            String.valueOf(count),
                            String.valueOf(server.port()),
                            server.addresses.get(0).getHostAddress())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();

            assertThat(output).contains("succeeded=" + count + " failed=0");
            assertThat(child.exitValue()).isZero();
            assertThat(server.requests).hasValue(count);
        }
    }
}
