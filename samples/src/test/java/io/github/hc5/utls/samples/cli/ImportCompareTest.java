package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.HelloMerge;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.samples.mirror.RecordedConnection;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** What the mirror answers, as it is: both halves of a browser, and back on the wire. */
    @ParameterizedTest
    @ValueSource(strings = {"firefox-153", "safari-26.0", "edge-101"})
    void theMirrorsAnswerBecomesAProfileThatTheMirrorSeesAsTheSame(String original) throws Exception {
        try (MirrorServer mirror = MirrorServer.start(MirrorSettings.defaults())) {
            BrowserProfile browser = BrowserProfiles.find(original);
            Path h2 = folder.resolve("mirror.json");
            Path hello = folder.resolve("hello.bin");
            Path profile = folder.resolve("mine.toml");
            Files.writeString(h2, visit(mirror, browser));
            Files.write(hello, lastHello(mirror));

            // the base is another browser, so that what is equal afterwards was imported
            Outcome imported = Outcome.of(
                    "import",
                    hello.toString(),
                    "--name",
                    "mine",
                    "--base",
                    "chrome-156",
                    "--h2",
                    h2.toString(),
                    "-o",
                    profile.toString());
            assertThat(imported.status()).as(imported.err()).isEqualTo(0);

            JsonNode before = new ObjectMapper().readTree(Files.readString(h2));
            BrowserProfile mine = BrowserProfiles.load(profile);
            JsonNode after = new ObjectMapper().readTree(visit(mirror, mine));
            assertThat(after.get("ja3n")).isEqualTo(before.get("ja3n"));
            assertThat(after.get("ja4_r")).isEqualTo(before.get("ja4_r"));
            assertThat(after.get("akamai")).isEqualTo(before.get("akamai"));
            assertThat(mine.headers().userAgent()).isEqualTo(browser.headers().userAgent());
            Files.writeString(h2, after.toString());
            Files.write(hello, lastHello(mirror));
            assertThat(Outcome.of("compare", hello.toString(), "--profile", original, "--h2", h2.toString())
                            .outLines())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("equal"));
        }
    }

    private static String visit(MirrorServer mirror, BrowserProfile profile) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("mirror", mirror.caCertificate());
        UtlsSslContext tls =
                UtlsSslContext.builder().profile(profile).trustStore(trusted).build();
        try (CloseableHttpAsyncClient client =
                Utls.asyncClient(Utls.connectionManagerBuilder(tls).build())) {
            return client.execute(SimpleRequestBuilder.get(mirror.url()).build(), null)
                    .get(30, TimeUnit.SECONDS)
                    .getBodyText();
        }
    }

    private static byte[] lastHello(MirrorServer mirror) {
        List<RecordedConnection> all = mirror.connections();
        return all.get(all.size() - 1).clientHellos().get(0).toByteArray();
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
