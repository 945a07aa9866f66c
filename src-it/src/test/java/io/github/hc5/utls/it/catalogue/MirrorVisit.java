package io.github.hc5.utls.it.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.RecordedConnection;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/** One GET from a mirror server on a fresh connection. */
final class MirrorVisit {

    private static final int SECONDS = 30;

    private MirrorVisit() {}

    /** Returns what the mirror received, of which no other connection may come in between. */
    static RecordedConnection get(MirrorServer mirror, BrowserProfile profile) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("mirror", mirror.caCertificate());
        UtlsSslContext context =
                UtlsSslContext.builder().profile(profile).trustStore(trusted).build();
        long before = lastId(mirror.connections());
        try (CloseableHttpAsyncClient client =
                Utls.asyncClient(Utls.connectionManagerBuilder(context).build())) {
            SimpleHttpResponse response = client.execute(
                            SimpleRequestBuilder.get(mirror.url()).build(), null)
                    .get(SECONDS, TimeUnit.SECONDS);
            assertThat(response.getCode()).isEqualTo(200);
        }
        List<RecordedConnection> all = mirror.connections();
        assertThat(lastId(all)).isEqualTo(before + 1);
        return all.get(all.size() - 1);
    }

    private static long lastId(List<RecordedConnection> connections) {
        return connections.isEmpty()
                ? 0
                : connections.get(connections.size() - 1).id();
    }
}
