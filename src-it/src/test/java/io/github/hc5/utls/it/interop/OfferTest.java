package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.hc5.utls.it.servers.AlpsServer;
import io.github.hc5.utls.it.servers.AlpsSettings;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.JsseServer;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.ServerReport;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TestServer;
import io.github.hc5.utls.it.servers.WireClientHello;
import io.github.hc5.utls.it.servers.WireTap;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the hello offers by the kind of request: IP literals, plain HTTP/1.1, servers without ALPN. */
class OfferTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;
    private static final int ALPS = 17613;
    private static final byte[] LOOPBACK_IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    @ParameterizedTest
    @CsvSource({"CHROME, TLSv1.2", "CHROME, TLSv1.3", "FIREFOX, TLSv1.2", "FIREFOX, TLSv1.3"})
    void namesNoServerThatIsAnIpLiteral(Browser browser, String protocol) throws Exception {
        JsseServer.Settings settings =
                new JsseServer.Settings(TestPki.server(KeyKind.ECDSA), protocol, HttpVersionPolicy.NEGOTIATE, false);
        try (JsseServer server = JsseServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThat(client.get("127.0.0.1", tap.port(), "/report").status()).isEqualTo(200);
            WireClientHello byAddress = tap.onlyConnection().clientHello();
            assertThat(byAddress.extension(0)).isEmpty();

            assertThat(client.get(HOST, tap.port(), "/report").status()).isEqualTo(200);
            WireClientHello byName = tap.connections().get(1).clientHello();
            assertThat(byName.serverName()).hasValue(HOST);
            assertThat(byName.extensions()).hasSize(byAddress.extensions().size() + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void namesNoServerThatIsAnIpv6Literal(Browser browser) throws Exception {
        InetAddress loopback = InetAddress.getByAddress(LOOPBACK_IPV6);
        assumeThat(NetworkInterface.getByInetAddress(loopback))
                .as("this machine has IPv6")
                .isNotNull();
        JsseServer.Settings settings =
                new JsseServer.Settings(TestPki.server(KeyKind.ECDSA), "TLSv1.3", HttpVersionPolicy.NEGOTIATE, false);
        try (JsseServer server = JsseServer.start(settings);
                WireTap tap = WireTap.before(server.address(), loopback);
                StockClient client = browser.client()) {
            assertThat(client.get("[::1]", tap.port(), "/report").status()).isEqualTo(200);
            assertThat(tap.onlyConnection().clientHello().extension(0)).isEmpty();
        }
    }

    static Stream<Arguments> peers() {
        return Arrays.stream(Browser.values())
                .flatMap(browser -> Stream.of(Peer.JSSE, Peer.BORINGSSL, Peer.ALPS)
                        .flatMap(peer -> Stream.of("TLSv1.2", "TLSv1.3")
                                .map(protocol -> new Peer.Setup(KeyKind.ECDSA, protocol, true, false))
                                .filter(peer::supports)
                                .map(setup -> Arguments.of(browser, peer, setup))));
    }

    /** As a browser does for a WebSocket: http/1.1 alone, and then no settings for h2 either. */
    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("peers")
    void offersHttp1AloneWhereHttp1IsForced(Browser browser, Peer peer, Peer.Setup setup) throws Exception {
        try (TestServer server = peer.start(setup);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client(HttpVersionPolicy.FORCE_HTTP_1)) {
            StockClient.Answer answer = client.get(HOST, tap.port(), peer == Peer.ALPS ? "/bytes/1" : "/report");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.isHttp2()).isFalse();
            WireClientHello hello = tap.onlyConnection().clientHello();
            assertThat(hello.applicationProtocols()).containsExactly("http/1.1");
            assertThat(hello.extension(ALPS)).isEmpty();
            if (peer.reports()) {
                assertThat(ServerReport.parse(answer.body()).get(ServerReport.ALPN))
                        .isEqualTo("http/1.1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void speaksHttp1ToAServerThatIgnoresAlpn(Browser browser) throws Exception {
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .applicationProtocols()
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/bytes/1");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.isHttp2()).isFalse();
            assertThat(server.onlyConnection().applicationProtocol()).isEmpty();
        }
    }
}
