package io.github.hc5.utls.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.RequestKind;
import io.github.hc5.utls.http.ExchangeAttributes;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.samples.mirror.RecordedConnection;
import io.github.hc5.utls.samples.mirror.RecordedFrame;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A real Chromium and this library, as the profile of the nearest version, load the mirror's page; all that they showed is
 * compared field by field. Where the profile is of the same version, nothing may differ but the brand.
 */
@Timeout(120)
class LiveChromiumTest {

    private static final String HOST = "www.example.test";
    private static final int SECONDS = 30;

    /** What the page asks for, in its order. */
    private static final Map<String, RequestKind> REQUESTS = requests();

    /** Where Chromium differs from Chrome, whatever the version: it names itself, and without a window it says so. */
    private static final List<String> BY_BRAND = List.of("user-agent", "sec-ch-ua");

    /**
     * What a release may change without another fingerprint being meant by it, besides the brand: the lists that are
     * compiled in, and how well a value compresses. Anything else that differs from the nearest profile fails the test.
     */
    private static final Pattern BY_VERSION = Pattern.compile(
            "tls\\.extension\\.51764|h2/.*\\.(user-agent|sec-ch-ua|frame\\.hpack|trace\\.(user-agent|sec-ch-ua))");

    private static MirrorServer mirror;
    private static String origin = "";
    private static int version;
    private static BrowserProfile profile;

    /** The page's requests, and the first hello; Chromium may have opened a second connection, which resumes the first. */
    private static RecordedConnection theirs;

    private static RecordedConnection theirFirst;

    private static Map<String, RequestKind> requests() {
        Map<String, RequestKind> requests = new LinkedHashMap<>();
        requests.put("/page", RequestKind.NAVIGATION);
        requests.put("/page/image.png", RequestKind.IMAGE);
        requests.put("/page/style.css", RequestKind.STYLE);
        requests.put("/page/fetch", RequestKind.FETCH);
        requests.put("/page/post", RequestKind.FETCH);
        requests.put("/page/xhr", RequestKind.XHR);
        requests.put("/page/script.js", RequestKind.ASYNC_SCRIPT);
        requests.put("/page/frame", RequestKind.IFRAME);
        requests.put("/page/done", RequestKind.FETCH);
        return requests;
    }

    @BeforeAll
    static void visit() throws Exception {
        version = Chromium.version();
        profile = nearest(version);
        mirror = MirrorServer.start(MirrorSettings.defaults().withNames(HOST));
        origin = "https://" + HOST + ":" + mirror.port();
        Certificate certificate = certificate();
        long before = mirror.connections().size();
        try (Chromium chromium = Chromium.open(origin + "/page", HOST, certificate)) {
            theirs = await(chromium);
            theirFirst = mirror.connections().stream()
                    .filter(connection -> connection.id() > before
                            && !connection.clientHellos().isEmpty())
                    .findFirst()
                    .orElseThrow();
        }
    }

    @AfterAll
    static void stop() {
        if (mirror != null) {
            mirror.close();
        }
    }

    @Test
    void nothingDiffersButTheBrandAndWhatTheVersionExplains() throws Exception {
        Map<String, String> differences = WireFacts.differences(theirFacts(), facts(visitAs(profile, Map.of())));
        differences.forEach((name, values) -> System.out.printf("%s differs: %s%n", name, values));
        // the first block has the names in full, the later ones refer to it
        Set<String> expected = new TreeSet<>(Set.of("h2/page.frame.hpack"));
        for (String path : REQUESTS.keySet()) {
            BY_BRAND.forEach(name -> expected.add("h2" + path + "." + name));
        }
        if (isSameVersion()) {
            assertThat(new TreeSet<>(differences.keySet())).isEqualTo(expected);
        } else {
            assertThat(differences.keySet())
                    .as("Chromium %d and %s", version, profile.name())
                    .allMatch(name -> BY_VERSION.matcher(name).matches());
        }
    }

    /** An application's own headers win; with the brand and the version named by them, the bytes are the same. */
    @Test
    void withChromiumsOwnNamesTheBytesAreEqual() throws Exception {
        RecordedFrame.Headers first = WireFacts.headers(theirs).get(0);
        Map<String, String> named = Map.of(
                "User-Agent", WireFacts.value(first, "user-agent"),
                "sec-ch-ua", WireFacts.value(first, "sec-ch-ua"));
        Map<String, String> differences = WireFacts.differences(theirFacts(), facts(visitAs(profile, named)));
        assertThat(differences.keySet())
                .as("Chromium %d and %s: %s", version, profile.name(), differences)
                .allMatch(name -> !isSameVersion() && name.startsWith("tls.extension.51764"));
    }

    /** The comparison would see another browser in every part. */
    @Test
    void anotherBrowserDiffersInAllParts() throws Exception {
        RecordedConnection other = visitAs(BrowserProfiles.find("firefox-153"), Map.of());
        assertThat(WireFacts.differences(theirFacts(), facts(other)))
                .containsKeys(
                        "tls.cipher_suites",
                        "tls.extensions",
                        "tls.extension.51",
                        "tls.extension.65037",
                        "tls.ja4",
                        "h2.akamai",
                        "h2.start.0",
                        "h2.start.1",
                        "h2/page.frame.stream",
                        "h2/page.frame.priority",
                        "h2/page.frame.names",
                        "h2/page.trace.:path",
                        "h2/page/post.frame.names");
    }

    private static Map<String, String> theirFacts() {
        return WireFacts.of(theirFirst, theirs, profile);
    }

    private static Map<String, String> facts(RecordedConnection connection) {
        return WireFacts.of(connection, connection, profile);
    }

    private static boolean isSameVersion() {
        return profile.name().equals("chrome-" + version);
    }

    /** Returns the profile of a Chrome on this platform whose version is nearest. */
    private static BrowserProfile nearest(int version) {
        return BrowserProfiles.names().stream()
                .filter(name -> name.matches("chrome-\\d+"))
                .min(Comparator.comparingInt(
                        name -> Math.abs(Integer.parseInt(name.substring("chrome-".length())) - version)))
                .map(BrowserProfiles::find)
                .orElseThrow();
    }

    private static RecordedConnection await(Chromium chromium) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() - deadline < 0) {
            Optional<RecordedConnection> complete = mirror.connections().stream()
                    .filter(connection -> WireFacts.headers(connection).stream()
                            .anyMatch(frame -> WireFacts.path(frame).equals("/page/done")))
                    .findFirst();
            if (complete.isPresent()) {
                return complete.get();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        throw new AssertionError("Chromium has not loaded the page: " + mirror.connections() + chromium.output());
    }

    /** Loads the page with this library on one new connection. */
    private static RecordedConnection visitAs(BrowserProfile browser, Map<String, String> own) throws Exception {
        long before = mirror.connections().stream()
                .mapToLong(RecordedConnection::id)
                .max()
                .orElse(0);
        try (CloseableHttpAsyncClient client = client(browser)) {
            for (Map.Entry<String, RequestKind> request : REQUESTS.entrySet()) {
                send(client, request.getKey(), request.getValue(), own);
            }
            List<RecordedConnection> fresh = mirror.connections().stream()
                    .filter(connection -> connection.id() > before)
                    .toList();
            assertThat(fresh).hasSize(1);
            return fresh.get(0);
        }
    }

    private static CloseableHttpAsyncClient client(BrowserProfile browser) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("mirror", mirror.caCertificate());
        InMemoryDnsResolver dns = new InMemoryDnsResolver();
        dns.add(HOST, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        return Utls.asyncClient(Utls.connectionManagerBuilder(UtlsSslContext.builder()
                        .profile(browser)
                        .trustStore(store)
                        .build())
                .setDnsResolver(dns)
                .build());
    }

    private static HttpClientContext send(
            CloseableHttpAsyncClient client, String path, RequestKind kind, Map<String, String> own) throws Exception {
        boolean post = path.endsWith("/post");
        SimpleRequestBuilder builder =
                post ? SimpleRequestBuilder.post(origin + path) : SimpleRequestBuilder.get(origin + path);
        if (post) {
            builder.setBody("{\"a\":1}", ContentType.parse("application/json"));
        }
        if (kind != RequestKind.NAVIGATION) {
            builder.addHeader("Referer", origin + "/page");
        }
        own.forEach(builder::addHeader);
        SimpleHttpRequest request = builder.build();
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(ExchangeAttributes.REQUEST_KIND, kind);
        SimpleHttpResponse response = client.execute(request, context, null).get(SECONDS, TimeUnit.SECONDS);
        assertThat(response.getCode()).isEqualTo(200);
        return context;
    }

    /** Returns the mirror's certificate, which it shows to whoever connects. */
    private static Certificate certificate() throws Exception {
        try (CloseableHttpAsyncClient client = client(profile)) {
            HttpClientContext context = send(client, "/", RequestKind.NAVIGATION, Map.of());
            return context.getSSLSession().getPeerCertificates()[0];
        }
    }
}
