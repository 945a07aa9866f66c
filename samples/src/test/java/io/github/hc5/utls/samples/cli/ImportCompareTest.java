package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.HelloMerge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCompareTest {

    @TempDir
    private Path folder;

    @Test
    void aHelloBecomesAProfileThatComparesEqual() throws IOException {
        Path capture = capture("firefox-153");
        Path profile = folder.resolve("mine.toml");
        Path h2 = Files.writeString(folder.resolve("h2.json"), """
                {"h2": {"akamai": "1:65536;2:0;4:131072;5:16384|12517377|0|m,p,a,s",
                 "frames": [{"headers": [[":method", "GET"], ["user-agent", "Mine/1"]]}]}}
                """);

        Outcome imported = Outcome.of(
                "import",
                capture.toString(),
                "--name",
                "mine",
                "--base",
                "firefox",
                "--h2",
                h2.toString(),
                "-o",
                profile.toString());

        assertThat(imported.err()).contains("note: one hello cannot tell");
        assertThat(imported.status()).isEqualTo(0);
        BrowserProfile mine = BrowserProfiles.load(profile);
        assertThat(mine.headers().userAgent()).isEqualTo("Mine/1");
        assertThat(mine.hello())
                .isEqualTo(HelloMerge.merge(List.of(ClientHelloParser.parse(Files.readAllBytes(capture))), false)
                        .spec());
        Outcome same =
                Outcome.of("compare", capture.toString(), "--profile", profile.toString(), "--h2", h2.toString());
        assertThat(same.status()).isEqualTo(0);
        assertThat(same.outLines()).isNotEmpty().allMatch(line -> line.startsWith("equal"));
    }

    @Test
    void driftHasExitStatusOne() throws IOException {
        Outcome outcome = Outcome.of("compare", capture("firefox-153").toString(), "--profile", "chrome-156");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).contains("DIFFERENT  cipher_suites").contains("equal      record_version");
        Outcome json = Outcome.of("compare", capture("chrome-156").toString(), "--profile", "chrome-156", "--json");
        assertThat(json.status()).isEqualTo(0);
        assertThat(json.outLines()).allMatch(line -> line.contains("\"equal\":true"));
    }

    @Test
    void whatIsNoCaptureIsOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("x.txt"), "hello");

        Outcome outcome = Outcome.of("import", text.toString());

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("x.txt", "no packet capture");
    }

    private Path capture(String profile) throws IOException {
        return Files.write(
                folder.resolve(profile + ".bin"), BrowserTls.drawHello(BrowserProfiles.find(profile), "example.com"));
    }
}
