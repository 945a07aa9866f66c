package io.github.hc5.utls.it.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.AkamaiFingerprint;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.Ja4;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtlsTest {

    private static final int SECONDS = 30;

    private static MirrorServer mirror;

    @BeforeAll
    static void start() throws Exception {
        mirror = MirrorServer.start(MirrorSettings.defaults());
    }

    @AfterAll
    static void stop() {
        mirror.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chrome-156", "firefox-153"})
    void showsOneBrowserInTlsAndFramesAndHeaders(String name) throws Exception {
        BrowserProfile profile = BrowserProfiles.find(name);
        try (CloseableHttpAsyncClient client = Utls.asyncClient(manager(profile))) {
            JsonNode seen = get(client);
            assertThat(seen.get("ja4").asText())
                    .isEqualTo(Ja4.of(profile.hello()).toString());
            assertThat(seen.get("akamai").asText())
                    .isEqualTo(AkamaiFingerprint.of(profile.http2()).toString());
            assertThat(header(seen, "user-agent")).isEqualTo(profile.headers().userAgent());
            assertThat(get(client).get("request_number").asInt()).isEqualTo(2);
        }
    }

    @Test
    void blockingUseIsTheSameBrowser() throws Exception {
        BrowserProfile profile = BrowserProfiles.find("chrome-156");
        try (CloseableHttpClient client = Utls.classicClient(manager(profile), Timeout.ofSeconds(SECONDS))) {
            String body =
                    client.execute(new HttpGet(mirror.url()), response -> EntityUtils.toString(response.getEntity()));
            assertThat(header(new ObjectMapper().readTree(body), "user-agent"))
                    .isEqualTo(profile.headers().userAgent());
        }
    }

    /** Replacing the class name of the stock builder is enough for a browser. */
    @Test
    void theBuilderFindsTheTransportByItself() throws Exception {
        try (HotConnectionManager manager = HotConnectionManagerBuilder.create().build()) {
            assertThat(manager.getTotalStats().getLeased()).isZero();
        }
    }

    private static HotConnectionManager manager(BrowserProfile profile) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("mirror", mirror.caCertificate());
        return Utls.connectionManagerBuilder(UtlsSslContext.builder()
                        .profile(profile)
                        .trustStore(store)
                        .build())
                .build();
    }

    private static JsonNode get(CloseableHttpAsyncClient client) throws Exception {
        SimpleHttpRequest request = SimpleRequestBuilder.get(mirror.url()).build();
        SimpleHttpResponse response = client.execute(request, null).get(SECONDS, TimeUnit.SECONDS);
        return new ObjectMapper().readTree(response.getBodyText());
    }

    private static String header(JsonNode seen, String name) {
        for (JsonNode header : seen.get("headers")) {
            if (header.get(0).asText().equals(name)) {
                return header.get(1).asText();
            }
        }
        throw new AssertionError("no header " + name + " in " + seen);
    }
}
