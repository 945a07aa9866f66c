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

class ResilientExampleTest {

    @Test
    void showsTheWholeBrowser() throws Exception {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
            trust.load(null, null);
            trust.setCertificateEntry("mirror", server.caCertificate());
            UtlsSslContext tls = UtlsSslContext.builder()
                    .profile(BrowserProfiles.find("chrome-156"))
                    .trustStore(trust)
                    .build();

            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ResilientExample.fetch(server.url(), tls, new PrintStream(out, true, StandardCharsets.UTF_8));

            assertThat(out.toString(StandardCharsets.UTF_8))
                    .startsWith("HTTP/2.0 200")
                    .contains("t13d1517h2_8daaf6152771_cb7bf5808d99")
                    .contains("1:65536;2:0;4:6291456;6:262144|15663105|0|m,a,s,p");
        }
    }
}
