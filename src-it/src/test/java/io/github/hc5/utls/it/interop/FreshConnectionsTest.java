package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.Grease;
import io.github.hc5.utls.fingerprint.Ja3n;
import io.github.hc5.utls.fingerprint.Ja4;
import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.JsseServer;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.TappedConnection;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.WireClientHello;
import io.github.hc5.utls.it.servers.WireClientHello.KeyShare;
import io.github.hc5.utls.it.servers.WireExtension;
import io.github.hc5.utls.it.servers.WireTap;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Many fresh connections of one client, each with a handshake and a GET that succeed, compared with the captures of the
 * real browsers: every field of every hello, and over all of them the rules by which a browser draws.
 *
 * <p>The bounds on what is drawn are such that a correct implementation misses one in less than one run of a million.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FreshConnectionsTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;
    private static final int CHROME_CONNECTIONS = 200;
    private static final int FIREFOX_CONNECTIONS = 40;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xFE0D;
    private static final int X25519MLKEM768 = 4588;
    private static final int X25519 = 29;

    private final Map<Browser, List<TappedConnection>> captured = new HashMap<>();

    private List<TappedConnection> connections(Browser browser) throws Exception {
        if (!captured.containsKey(browser)) {
            captured.put(browser, capture(browser));
        }
        return captured.get(browser);
    }

    private List<WireClientHello> hellos(Browser browser) throws Exception {
        return connections(browser).stream().map(TappedConnection::clientHello).toList();
    }

    private static List<TappedConnection> capture(Browser browser) throws Exception {
        int count = browser == Browser.CHROME ? CHROME_CONNECTIONS : FIREFOX_CONNECTIONS;
        JsseServer.Settings settings =
                new JsseServer.Settings(TestPki.server(KeyKind.ECDSA), "TLSv1.3", HttpVersionPolicy.NEGOTIATE, false);
        UtlsTlsStrategy strategy = Browser.strategy(browser.profile());
        try (JsseServer server = JsseServer.start(settings);
                WireTap tap = WireTap.before(server.address())) {
            for (int i = 0; i < count; i++) {
                // a pool of its own, since HttpClient never gives up an HTTP/2 connection that could be reused
                try (StockClient client = new StockClient(strategy, HttpVersionPolicy.NEGOTIATE)) {
                    StockClient.Answer answer = client.get(HOST, tap.port(), "/report");
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.isHttp2()).isTrue();
                }
            }
            assertThat(tap.connections()).hasSize(count);
            return tap.connections();
        }
    }

    @Test
    void everyChromeHelloHasTheFieldsOfTheBrowser() throws Exception {
        assertFields(Browser.CHROME);
    }

    @Test
    void everyFirefoxHelloHasTheFieldsOfTheBrowser() throws Exception {
        assertFields(Browser.FIREFOX);
    }

    private void assertFields(Browser browser) throws Exception {
        HelloFacts facts = HelloFacts.of(browser);
        for (WireClientHello hello : hellos(browser)) {
            assertThat(hello.recordVersion()).isEqualTo(facts.recordVersion());
            assertThat(hello.legacyVersion()).isEqualTo(facts.legacyVersion());
            assertThat(hello.sessionId().length()).isEqualTo(facts.sessionIdLength());
            assertThat(octets(hello.compressionMethods())).isEqualTo(facts.compressionMethods());
            assertThat(greaseAsMinusOne(hello.cipherSuites())).isEqualTo(facts.cipherSuites());
            assertThat(greaseAsMinusOne(hello.uint16List(10))).isEqualTo(facts.supportedGroups());
            assertThat(greaseAsMinusOne(hello.uint16List(13))).isEqualTo(facts.signatureAlgorithms());
            assertThat(greaseAsMinusOne(hello.supportedVersions())).isEqualTo(facts.supportedVersions());
            assertThat(hello.serverName()).hasValue(HOST);
            assertThat(hello.extensionOrderWithoutGrease()).containsExactlyInAnyOrderElementsOf(facts.extensionSet());
            facts.fixedBodies()
                    .forEach((type, body) -> assertThat(
                                    hello.extension(type).orElseThrow().body())
                            .as("extension %d", type)
                            .isEqualTo(Octets.ofHex(body)));
            assertThat(hello.keyShares().stream()
                            .map(share -> List.of(
                                    minusOneIfGrease(share.group()), share.key().length())))
                    .isEqualTo(facts.keyShares());
            assertGreaseExtensions(hello, facts);
            assertEch(hello, facts.ech());
            assertThat(hello.length() - HOST.length()).isIn(facts.helloLengthsWithoutName());
        }
    }

    /** The first comes first and the second last. */
    private static void assertGreaseExtensions(WireClientHello hello, HelloFacts facts) {
        List<WireExtension> grease = hello.extensions().stream()
                .filter(extension -> Grease.isGrease(extension.type()))
                .toList();
        assertThat(grease.stream().map(extension -> extension.body().toHex())).isEqualTo(facts.greaseExtensionBodies());
        if (!grease.isEmpty()) {
            assertThat(hello.extensions().get(0)).isEqualTo(grease.get(0));
            assertThat(hello.extensions().get(hello.extensions().size() - 1)).isEqualTo(grease.get(1));
            assertThat(grease.get(0).type()).isNotEqualTo(grease.get(1).type());
            assertThat(hello.keyShares().get(0).group())
                    .isEqualTo(hello.uint16List(10).get(0));
            assertThat(hello.keyShares().get(0).key()).isEqualTo(Octets.of((byte) 0));
        }
    }

    private static void assertEch(WireClientHello hello, HelloFacts.EchFacts facts) {
        Ech ech = Ech.of(hello);
        assertThat(ech.kdf()).isEqualTo(facts.kdf());
        assertThat(ech.aead()).isIn(facts.aeads());
        assertThat(ech.encapsulated().length()).isEqualTo(facts.encapsulatedLength());
        assertThat(ech.payloadLength()).isIn(facts.payloadLengths());
    }

    @Test
    void theFingerprintsAreTheBrowsers() throws Exception {
        for (Browser browser : Browser.values()) {
            HelloFacts facts = HelloFacts.of(browser);
            for (TappedConnection connection : connections(browser)) {
                ClientHelloMessage hello = ClientHelloParser.parse(
                        connection.clientRecords().get(0).toByteArray());
                assertThat(Ja3n.of(hello).hash()).isEqualTo(facts.ja3n());
                assertThat(Ja4.of(hello).toString()).isEqualTo(facts.ja4());
            }
        }
    }

    @Test
    void chromeShufflesItsExtensions() throws Exception {
        List<List<Integer>> orders = hellos(Browser.CHROME).stream()
                .map(WireClientHello::extensionOrderWithoutGrease)
                .toList();
        assertThat(new HashSet<>(orders)).hasSizeGreaterThanOrEqualTo(195);
        for (int type : HelloFacts.of(Browser.CHROME).extensionSet()) {
            // of 17 places; each is missed by all 200 with a probability of 5e-6
            assertThat(orders.stream().map(order -> order.indexOf(type)).distinct())
                    .as("places of extension %d", type)
                    .hasSizeGreaterThanOrEqualTo(15);
        }
    }

    @Test
    void firefoxHasOneOrder() throws Exception {
        assertThat(hellos(Browser.FIREFOX).stream()
                        .map(WireClientHello::extensionOrder)
                        .distinct())
                .containsExactly(HelloFacts.of(Browser.FIREFOX).extensionOrder());
    }

    @Test
    void chromeDrawsEachGreaseValueByItself() throws Exception {
        List<WireClientHello> hellos = hellos(Browser.CHROME);
        Map<String, ToIntFunction<WireClientHello>> draws = Map.of(
                "cipher suite", hello -> hello.cipherSuites().get(0),
                "group", hello -> hello.uint16List(10).get(0),
                "signature algorithm", hello -> hello.uint16List(13).get(0),
                "version", hello -> hello.supportedVersions().get(0),
                "first extension", hello -> hello.extensionOrder().get(0),
                "last extension",
                        hello -> hello.extensionOrder()
                                .get(hello.extensionOrder().size() - 1));
        draws.forEach((name, draw) -> {
            assertThat(hellos.stream().mapToInt(draw).distinct().count())
                    .as("values of the %s, of 16", name)
                    .isGreaterThanOrEqualTo(14);
            draws.forEach((otherName, other) -> {
                long equal = hellos.stream()
                        .filter(hello -> draw.applyAsInt(hello) == other.applyAsInt(hello))
                        .count();
                if (!name.equals(otherName)) {
                    // 12.5 of 200 by chance
                    assertThat(equal).as("%s equal to %s", name, otherName).isLessThan(40);
                }
            });
        });
    }

    @Test
    void theEchOfferIsDrawnForEachConnection() throws Exception {
        List<Ech> chrome = hellos(Browser.CHROME).stream().map(Ech::of).toList();
        Map<Integer, Long> lengths =
                chrome.stream().collect(Collectors.groupingBy(Ech::payloadLength, Collectors.counting()));
        assertThat(lengths.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        HelloFacts.of(Browser.CHROME).ech().payloadLengths());
        // 50 of 200 each by chance
        assertThat(lengths.values()).allSatisfy(count -> assertThat(count).isBetween(15L, 95L));
        assertThat(chrome.stream().map(Ech::configId).distinct()).hasSizeGreaterThan(100);
        assertThat(chrome.stream().map(Ech::encapsulated).distinct()).hasSize(CHROME_CONNECTIONS);

        List<Ech> firefox = hellos(Browser.FIREFOX).stream().map(Ech::of).toList();
        assertThat(firefox.stream().map(Ech::aead).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        HelloFacts.of(Browser.FIREFOX).ech().aeads());
        assertThat(firefox.stream().map(Ech::encapsulated).distinct()).hasSize(FIREFOX_CONNECTIONS);
    }

    @Test
    void nothingSecretComesTwice() throws Exception {
        for (Browser browser : Browser.values()) {
            List<WireClientHello> hellos = hellos(browser);
            Stream<Function<WireClientHello, Octets>> values = Stream.of(
                    WireClientHello::random,
                    WireClientHello::sessionId,
                    hello -> key(hello, X25519MLKEM768),
                    hello -> key(hello, X25519));
            values.forEach(
                    value -> assertThat(hellos.stream().map(value).distinct()).hasSize(hellos.size()));
        }
    }

    /** The hybrid share ends with an X25519 key: Firefox's is that of its plain share, Chrome's is another. */
    @Test
    void firefoxAloneSharesItsX25519Key() throws Exception {
        assertThat(hellos(Browser.FIREFOX))
                .allSatisfy(hello -> assertThat(hybridCurveKey(hello)).isEqualTo(key(hello, X25519)));
        assertThat(hellos(Browser.CHROME))
                .allSatisfy(hello -> assertThat(hybridCurveKey(hello)).isNotEqualTo(key(hello, X25519)));
    }

    private static Octets hybridCurveKey(WireClientHello hello) {
        byte[] hybrid = key(hello, X25519MLKEM768).toByteArray();
        return Octets.of(Arrays.copyOfRange(hybrid, hybrid.length - 32, hybrid.length));
    }

    private static Octets key(WireClientHello hello, int group) {
        return hello.keyShares().stream()
                .filter(share -> share.group() == group)
                .map(KeyShare::key)
                .findFirst()
                .orElseThrow();
    }

    private static List<Integer> octets(Octets octets) {
        byte[] bytes = octets.toByteArray();
        Integer[] values = new Integer[bytes.length];
        Arrays.setAll(values, i -> bytes[i] & 0xFF);
        return Arrays.asList(values);
    }

    private static List<Integer> greaseAsMinusOne(List<Integer> codePoints) {
        return codePoints.stream().map(FreshConnectionsTest::minusOneIfGrease).toList();
    }

    private static int minusOneIfGrease(int codePoint) {
        return Grease.isGrease(codePoint) ? -1 : codePoint;
    }

    /** The outer form of encrypted_client_hello (RFC 9849 section 5). */
    private record Ech(int kdf, int aead, int configId, Octets encapsulated, int payloadLength) {

        static Ech of(WireClientHello hello) {
            ByteBuffer in = ByteBuffer.wrap(
                    hello.extension(ENCRYPTED_CLIENT_HELLO).orElseThrow().body().toByteArray());
            assertThat(in.get()).as("outer form").isZero();
            int kdf = in.getShort();
            int aead = in.getShort();
            int configId = in.get() & 0xFF;
            byte[] encapsulated = new byte[in.getShort()];
            in.get(encapsulated);
            int payloadLength = in.getShort();
            assertThat(in.remaining()).isEqualTo(payloadLength);
            return new Ech(kdf, aead, configId, Octets.of(encapsulated), payloadLength);
        }
    }
}
