package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.Exchange;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NginxServer;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.ServerReport;
import io.github.hc5.utls.it.servers.TestServer;
import io.github.hc5.utls.it.servers.WireClientHello;
import io.github.hc5.utls.it.servers.WireServerHello;
import io.github.hc5.utls.it.servers.WireTap;
import io.github.hc5.utls.tls.UtlsSslSession;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every profile against every server in every combination of TLS version, certificate and HTTP version. */
class HandshakeMatrixTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;

    static Stream<Arguments> combinations() {
        return Arrays.stream(Browser.values())
                .flatMap(browser -> Arrays.stream(Peer.values())
                        .flatMap(peer ->
                                setups().filter(peer::supports).map(setup -> Arguments.of(browser, peer, setup))));
    }

    private static Stream<Peer.Setup> setups() {
        return Stream.of("TLSv1.2", "TLSv1.3")
                .flatMap(protocol -> Arrays.stream(KeyKind.values())
                        .flatMap(key ->
                                Stream.of(true, false).map(http2 -> new Peer.Setup(key, protocol, http2, false))));
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("combinations")
    void handshakesAndGets(Browser browser, Peer peer, Peer.Setup setup) throws Exception {
        try (TestServer server = peer.start(setup);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            StockClient.Answer answer = client.get(HOST, tap.port(), peer == Peer.ALPS ? "/bytes/100000" : "/report");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.isHttp2()).isEqualTo(setup.http2());
            WireClientHello hello = tap.connections().get(0).clientHello();
            assertThat(hello.serverName()).hasValue(HOST);
            assertThat(hello.applicationProtocols()).containsExactly("h2", "http/1.1");
            WireServerHello negotiated = tap.connections().get(0).serverHello();
            assertThat(negotiated.version()).isEqualTo(setup.tls13() ? 0x0304 : 0x0303);
            assertThat(hello.cipherSuites()).contains(negotiated.cipherSuite());
            assertThat(answer.session().getProtocol()).isEqualTo(setup.protocol());
            assertThat(answer.session().getCipherSuite())
                    .isEqualTo(Suites.of(negotiated.cipherSuite()).iana());
            assertThat(answer.session().getPeerHost()).isEqualTo(HOST);
            assertThat(answer.session().getPeerCertificates()[0])
                    .isEqualTo(setup.identity().leaf());
            UtlsSslSession session = (UtlsSslSession) answer.session();
            assertThat(session.profile()).isEqualTo(browser.profile());
            assertThat(session.namedGroup()).isEqualTo(negotiated.group().orElse(-1));
            assertReport(peer, setup, answer.body(), negotiated.cipherSuite());

            transfersBodies(peer, client, tap.port());
        }
    }

    private static void assertReport(Peer peer, Peer.Setup setup, Octets body, int cipherSuite) {
        if (peer == Peer.ALPS) {
            assertThat(body.toByteArray()).isEqualTo(Exchange.pattern(100_000));
            return;
        }
        ServerReport report = peer == Peer.OPENSSL ? OpensslServer.report(body) : ServerReport.parse(body);
        Suites.Suite suite = Suites.of(cipherSuite);
        assertThat(report.get(ServerReport.TLS)).isEqualTo(setup.protocol());
        assertThat(report.get(ServerReport.CIPHER)).isIn(suite.iana(), suite.openssl());
        assertThat(report.get(ServerReport.CLIENT)).isEmpty();
        if (peer != Peer.OPENSSL) {
            assertThat(report.get(ServerReport.ALPN)).isEqualTo(setup.http2() ? "h2" : "http/1.1");
        }
    }

    /** More than a flow-control window and many records, in both directions, on the same connection. */
    private static void transfersBodies(Peer peer, StockClient client, int port) throws Exception {
        if (peer == Peer.OPENSSL) {
            return;
        }
        int length = NginxServer.FILE_LENGTH;
        assertThat(client.get(HOST, port, "/bytes/" + length).body().toByteArray())
                .isEqualTo(Exchange.pattern(length));
        if (peer == Peer.NGINX) {
            return;
        }
        byte[] upload = Exchange.pattern(length);
        assertThat(ServerReport.parse(client.post(HOST, port, "/sum", upload).body())
                        .values())
                .isEqualTo(Exchange.sum(upload));
    }
}
