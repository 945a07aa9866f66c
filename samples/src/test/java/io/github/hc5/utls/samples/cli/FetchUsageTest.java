package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines of {@code fetch} that make no sense: one line that names the value and what is allowed. */
class FetchUsageTest {

    private static final String URL = "https://localhost:1/";

    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.com | no scheme",
                "ftp://example.com/ | the scheme ftp is not http or https",
                "https:// | no host name",
                "https:///path | no host name",
                "https://exa mple.com/ | bad URL",
                "https://example.com:99999/ | the port 99999 is not in the range 1 to 65535",
                "https://example.com:0/ | the port 0 is not in the range",
                "https://example.com:x/ | bad URL",
                "https://[::1/ | bad URL",
                "https://a..b/ | bad URL",
                "https://example.com/%zz | bad URL",
                "http:/example.com | no scheme",
            })
    void aBadUrlIsRefused(String url, String why) {
        assertRefused(Outcome.of("fetch", url), "bad URL", url, why);
    }

    @Test
    void aUserNameInAUrlIsRefusedWithoutRepeatingThePassword() {
        Outcome outcome = Outcome.of("fetch", "https://me:secret@example.com/");
        assertRefused(outcome, "bad URL", "example.com", "Authorization");
        assertThat(outcome.err()).doesNotContain("secret");
    }

    @Test
    void oneBadUrlStopsTheRunBeforeItBegins() {
        assertRefused(Outcome.of("fetch", "--json", URL, "nonsense"), "nonsense");
    }

    @ParameterizedTest
    @CsvSource({"chrome-157,chrome-156", "chrme-156,chrome-156", "Firefox,firefox", "firefox-154,firefox-153"})
    void anUnknownProfileSuggestsTheNearestNames(String given, String meant) {
        Outcome outcome = Outcome.of("fetch", "--profile", given, URL);
        assertRefused(outcome, "unknown profile", given);
        assertThat(outcome.err()).containsPattern("did you mean " + meant);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--repeat | 0 | --repeat: 0 is not allowed",
                "--repeat | many | --repeat",
                "--concurrency | 0 | --concurrency: 0 is not allowed",
                "--concurrency | -1 | --concurrency: -1 is not allowed",
                "--timeout | 0 | --timeout",
                "--timeout | soon | \"soon\" is not a duration",
                "--resolve | localhost | HOST=IP",
                "--resolve | =127.0.0.1 | HOST=IP",
                "--resolve | localhost=127.0.0.1,localhost | \"localhost\" in",
                "--resolve | localhost=127.0.0.256 | \"127.0.0.256\" in",
                "-H | NoColon | 'Name: value'",
                "-H | Bad Name: x | Bad Name",
                "-H | host: other.test | --resolve",
                "-X | GET IT | GET IT",
                "-d | @/nonexistent/file | /nonexistent/file does not exist",
                "--ca | /nonexistent/ca.pem | /nonexistent/ca.pem does not exist",
                "--config | no-such.toml | does not exist",
            })
    void aBadOptionIsRefused(String option, String value, String why) {
        assertRefused(Outcome.of("fetch", option, value, URL), why);
    }

    @Test
    void aSecretHeaderWithoutAColonIsNotRepeatedWhole() {
        assertThat(Outcome.of("fetch", "-H", "Authorization: a\nb", URL).err())
                .contains("Authorization")
                .doesNotContain("a\nb");
    }

    @Test
    void aCaFileWithoutACertificateIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("ca.pem"), "no certificate\n");
        assertRefused(Outcome.of("fetch", "--ca", file.toString(), URL), file.toString(), "no X.509 certificate");
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        assertRefused(Outcome.of("fetch", "--ca", empty.toString(), URL), empty.toString(), "no X.509 certificate");
    }

    private static void assertRefused(Outcome outcome, String... parts) {
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .startsWith("utls: ")
                .contains(parts);
    }
}
