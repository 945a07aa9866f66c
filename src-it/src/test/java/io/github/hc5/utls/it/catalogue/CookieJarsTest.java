package io.github.hc5.utls.it.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.AcceptLanguages;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.fingerprint.Ja4;
import io.github.hc5.utls.fingerprint.ProfileShares;
import io.github.hc5.utls.http.ExchangeAttributes;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.ClientKey;
import io.github.hc5.utls.pool.ConnectionSnapshot;
import io.github.hc5.utls.pool.CookieStoreKeys;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.samples.mirror.RecordedConnection;
import io.github.hc5.utls.samples.mirror.RecordedFrame;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.CookieStore;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.cookie.BasicClientCookie;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several cookie jars on one shared manager: a server sees each with one browser, and never two on one connection. */
class CookieJarsTest {

    private static final String JAR = "x-jar";
    private static final int JARS = 6;
    private static final int ROUNDS = 5;
    private static final int AT_ONCE = 4;

    private final ObjectMapper json = new ObjectMapper();
    private final ProfileShares shares = ProfileShares.equal(Stream.of("chrome", "firefox", "safari-ios")
            .map(BrowserProfiles::find)
            .toList());

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void eachKeyHasOneBrowserAndItsOwnConnections(String protocol) throws Exception {
        FingerprintPolicy policy =
                FingerprintPolicy.perKey(shares, FingerprintPolicy.fixed(BrowserProfiles.find("edge")));
        try (MirrorServer mirror = MirrorServer.start(MirrorSettings.defaults().withAlpn(protocol));
                HotConnectionManager manager = manager(mirror, policy);
                CloseableHttpAsyncClient client = Utls.asyncClient(manager)) {
            Set<BrowserProfile> shown = new HashSet<>();
            for (int round = 0; round < ROUNDS; round++) {
                List<HttpClientContext> contexts = new ArrayList<>();
                List<Future<SimpleHttpResponse>> answers = new ArrayList<>();
                for (int i = 0; i < JARS * AT_ONCE; i++) {
                    contexts.add(contextOf(i % JARS));
                    SimpleRequestBuilder request =
                            SimpleRequestBuilder.get(mirror.url()).setHeader(JAR, "jar" + i % JARS);
                    answers.add(client.execute(request.build(), contexts.get(i), null));
                }
                for (int i = 0; i < answers.size(); i++) {
                    JsonNode seen = json.readTree(
                            answers.get(i).get(30, TimeUnit.SECONDS).getBodyText());
                    BrowserProfile expected = policy.profileFor("", 0, i % JARS == 0 ? null : "jar" + i % JARS);
                    assertThat(seen.get("ja4").asText())
                            .isEqualTo(Ja4.of(expected.hello()).toString());
                    assertThat(seen.toString()).contains(expected.headers().userAgent());
                    assertThat(contexts.get(i).getAttribute(ExchangeAttributes.PROFILE))
                            .isSameAs(expected);
                    shown.add(expected);
                }
            }
            assertThat(shown).as("Edge and some of the three").hasSizeGreaterThan(2);
            assertThat(manager.snapshot().routes().get(0).connections())
                    .extracting(ConnectionSnapshot::profile)
                    .containsOnly(shown.stream().map(BrowserProfile::name).toArray(String[]::new));
            Map<String, Set<String>> languages = new HashMap<>();
            for (RecordedConnection connection : mirror.connections()) {
                assertThat(sent(connection, JAR)).hasSize(1);
                languages
                        .computeIfAbsent(sent(connection, JAR).iterator().next(), jar -> new HashSet<>())
                        .addAll(sent(connection, "accept-language"));
            }
            languages.remove("jar0");
            assertThat(languages.values())
                    .as("on all connections of one jar")
                    .hasSize(JARS - 1)
                    .allSatisfy(values -> assertThat(values).hasSize(1));
            if (protocol.equals("h2")) {
                assertThat(mirror.connections())
                        .as("requests of one jar share a connection")
                        .hasSize(JARS);
            }
        }
    }

    @Test
    void aCookieStoreIsAKey() throws Exception {
        FingerprintPolicy policy =
                FingerprintPolicy.perKey(shares, FingerprintPolicy.fixed(BrowserProfiles.find("edge")));
        CookieStoreKeys keys = new CookieStoreKeys();
        try (MirrorServer mirror = MirrorServer.start(MirrorSettings.defaults());
                HotConnectionManager manager = manager(mirror, policy);
                CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .addExecInterceptorFirst("client-keys", keys)
                        .build()) {
            client.start();
            List<CookieStore> stores = List.of(storeWith("a"), storeWith("b"), storeWith("c"));
            for (int i = 0; i < 9; i++) {
                CookieStore store = stores.get(i % stores.size());
                HttpClientContext context = HttpClientContext.create();
                context.setCookieStore(store);
                client.execute(SimpleRequestBuilder.get(mirror.url()).build(), context, null)
                        .get(30, TimeUnit.SECONDS);
                assertThat(context.getAttribute(ExchangeAttributes.PROFILE))
                        .isSameAs(policy.profileFor("", 0, keys.of(store).name()));
            }
            assertThat(mirror.connections()).hasSize(stores.size());
            assertThat(mirror.connections())
                    .allSatisfy(
                            connection -> assertThat(sent(connection, "cookie")).hasSize(1));
        }
    }

    private static CookieStore storeWith(String value) {
        BasicClientCookie cookie = new BasicClientCookie("jar", value);
        cookie.setDomain("localhost");
        cookie.setPath("/");
        CookieStore store = new BasicCookieStore();
        store.addCookie(cookie);
        return store;
    }

    /** The different values of a header that came on the connection. */
    private static Set<String> sent(RecordedConnection connection, String name) {
        Stream<String> http2 = connection.frames().stream()
                .filter(RecordedFrame.Headers.class::isInstance)
                .flatMap(frame -> ((RecordedFrame.Headers) frame).headers().stream())
                .filter(field -> field.get(0).equals(name))
                .map(field -> field.get(1));
        Stream<String> http1 = connection.http1Heads().stream()
                .flatMap(String::lines)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).trim());
        return Stream.concat(http2, http1).collect(Collectors.toSet());
    }

    /** The first has no key, as a request of an application that does not care. */
    private static HttpClientContext contextOf(int jar) {
        HttpClientContext context = HttpClientContext.create();
        if (jar > 0) {
            context.setUserToken(ClientKey.of("jar" + jar));
        }
        return context;
    }

    private static HotConnectionManager manager(MirrorServer mirror, FingerprintPolicy policy) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("mirror", mirror.caCertificate());
        return Utls.connectionManagerBuilder(UtlsSslContext.builder()
                        .fingerprintPolicy(policy)
                        .trustStore(trusted)
                        .build())
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder()
                        .setAcceptLanguages(AcceptLanguages.of(AcceptLanguages.Family.CHROMIUM))
                        .build())
                .setMaxConnPerRoute(JARS * AT_ONCE)
                .setMaxConnTotal(JARS * AT_ONCE)
                .build();
    }
}
