package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

/** The command line's small parts, each on its own. */
class SmallPartsTest {

    @ParameterizedTest
    @CsvSource({"30,PT30S", "500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "1h,PT1H"})
    void durations(String text, Duration duration) {
        assertThat(new Durations().convert(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"''", "-1", "1.5", "5 m", "5d", "12345678901"})
    void whatIsNoDuration(String text) {
        assertThatThrownBy(() -> new Durations().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @Test
    void durationsAsText() {
        assertThat(Durations.toText(Duration.ofSeconds(60))).isEqualTo("60 s");
        assertThat(Durations.toText(Duration.ofMillis(1500))).isEqualTo("1.5 s");
    }

    @ParameterizedTest
    @CsvSource({
        "https://Example.com, https://Example.com",
        "HTTPS://example.com:8443/a?b=c#d, HTTPS://example.com:8443/a?b=c#d",
        "http://[::1]:80/, http://[::1]:80/",
        "https://bücher.example/ü, https://xn--bcher-kva.example/%C3%BC",
        "https://bücher.example:8443/, https://xn--bcher-kva.example:8443/",
    })
    void urls(String text, URI uri) {
        assertThat(UrlText.parse(text)).isEqualTo(uri);
    }

    @Test
    void hostAddresses() throws IOException {
        HostAddresses addresses =
                HostAddresses.of(List.of("One.test=192.0.2.1,2001:db8::1", "two.test=192.0.2.2", "one.test=192.0.2.3"));
        assertThat(addresses.resolve("one.TEST"))
                .containsExactly(address("192.0.2.1"), address("2001:db8::1"), address("192.0.2.3"));
        assertThat(addresses.resolve("two.test", 8443))
                .containsExactly(new InetSocketAddress(address("192.0.2.2"), 8443));
        assertThat(addresses.resolve("127.0.0.1")).containsExactly(address("127.0.0.1"));
        assertThat(addresses.resolveCanonicalHostname("two.test")).isEqualTo("two.test");
    }

    @Test
    void resultsAsJsonHaveEveryKeyEvenWithoutAnAnswer() {
        FetchResult failed = new FetchResult(
                "https://host.test/\"",
                null,
                null,
                null,
                null,
                "chrome-156",
                Duration.ofNanos(1_234_567),
                Duration.ZERO,
                false,
                false,
                0,
                "refused",
                null);
        assertThat(failed.toJson())
                .isEqualTo("{\"url\":\"https://host.test/\\\"\",\"status\":null,\"protocol\":null,\"remote\":null,"
                        + "\"local\":null,\"profile\":\"chrome-156\",\"ms\":1.235,\"connect_ms\":0.0,\"reused\":false,"
                        + "\"resumed\":false,\"bytes\":0,\"error\":\"refused\"}");
    }

    @Test
    void progressShowsAfterASecondAndClearsItsLine() {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        Progress progress = new Progress(new PrintStream(screen, true, StandardCharsets.UTF_8), 1000, 0);
        progress.ended(true);
        progress.clear();
        progress.show(Duration.ofMillis(999).toNanos());
        assertThat(screen.size()).isZero();
        progress.received(2048);
        progress.ended(false);
        progress.show(Duration.ofSeconds(4).toNanos());
        assertThat(screen.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[K2 of 1,000 requests, 1 failed, 2,048 bytes, 4 s, 1 requests/s");
        screen.reset();
        progress.clear();
        progress.clear();
        assertThat(screen.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[K");
    }

    @Test
    void outputNoticesThatItsReaderHasGone() {
        PrintStream broken = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                false,
                StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new CheckedOutput(broken).write(new byte[10]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reader has gone");
    }

    private static InetAddress address(String literal) throws IOException {
        return InetAddress.getByName(literal);
    }
}
