package io.github.hc5.utls.samples.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import org.junit.jupiter.api.Test;

class BrowserTlsExampleTest {

    private static final String JA4 = "t13d1517h2_8daaf6152771_cb7bf5808d99";

    @Test
    void bothClientsShowTheBrowser() throws Exception {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
            trust.load(null, null);
            trust.setCertificateEntry("mirror", server.caCertificate());
            UtlsSslContext tls = UtlsSslContext.builder()
                    .profile(BrowserProfiles.find("chrome-156"))
                    .trustStore(trust)
                    .build();

            ByteArrayOutputStream async = new ByteArrayOutputStream();
            BrowserTlsExample.fetch(server.url(), tls, new PrintStream(async, true, StandardCharsets.UTF_8));
            assertThat(async.toString(StandardCharsets.UTF_8))
                    .startsWith("HTTP/2.0 200")
                    .contains(JA4);

            ByteArrayOutputStream blocking = new ByteArrayOutputStream();
            BrowserTlsExample.fetchBlocking(server.url(), tls, new PrintStream(blocking, true, StandardCharsets.UTF_8));
            assertThat(blocking.toString(StandardCharsets.UTF_8)).contains(JA4);
        }
    }
}
