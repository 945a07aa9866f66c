package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.samples.start.SharedLimitsExample;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import org.junit.jupiter.api.Test;

/** The README's code for limits across machines, on a real Redis. */
class SharedLimitsExampleTest {

    @Test
    void aConnectionHoldsOnePermit() throws Exception {
        try (RedisServer redis = RedisServer.running();
                MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
            trust.load(null, null);
            trust.setCertificateEntry("mirror", server.caCertificate());
            UtlsSslContext tls = UtlsSslContext.builder()
                    .profile(BrowserProfiles.find("chrome-156"))
                    .trustStore(trust)
                    .build();
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            SharedLimitsExample.fetch(
                    server.url(), redis.uri(), tls, new PrintStream(out, true, StandardCharsets.UTF_8));

            assertThat(out.toString(StandardCharsets.UTF_8).strip()).isEqualTo("HTTP/2.0 200, permits held: 1");
        }
    }
}
