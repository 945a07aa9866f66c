package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.it.servers.AlpsServer;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.ServerReport;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TestServer;
import io.github.hc5.utls.it.servers.WireTap;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that demand a client certificate. */
class ClientCertificateTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;

    static Stream<Arguments> combinations() {
        return Arrays.stream(Browser.values())
                .flatMap(browser -> Arrays.stream(Peer.values())
                        .flatMap(peer -> Stream.of("TLSv1.2", "TLSv1.3")
                                .map(protocol -> new Peer.Setup(KeyKind.ECDSA, protocol, peer != Peer.OPENSSL, true))
                                .filter(peer::supports)
                                .map(setup -> Arguments.of(browser, peer, setup))));
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("combinations")
    void isShown(Browser browser, Peer peer, Peer.Setup setup) throws Exception {
        try (TestServer server = peer.start(setup);
                WireTap tap = WireTap.before(server.address())) {
            for (KeyKind kind : KeyKind.values()) {
                String subject =
                        TestPki.client(kind).leaf().getSubjectX500Principal().getName();
                try (StockClient client = browser.client(TestPki.client(kind))) {
                    StockClient.Answer answer =
                            client.get(HOST, tap.port(), peer == Peer.ALPS ? "/bytes/1" : "/report");
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(subject(server, answer)).isEqualTo(subject);
                    assertThat(answer.session().getLocalPrincipal().getName()).isEqualTo(subject);
                }
            }
        }
    }

    private static String subject(TestServer server, StockClient.Answer answer) {
        if (server instanceof AlpsServer alps) {
            return alps.connections()
                    .get(alps.connections().size() - 1)
                    .clientSubject()
                    .orElse("");
        }
        if (server instanceof OpensslServer) {
            // OpenSSL writes "CN = name"
            return OpensslServer.report(answer.body()).get(ServerReport.CLIENT).replace(" ", "");
        }
        return ServerReport.parse(answer.body()).get(ServerReport.CLIENT);
    }

    /**
     * In TLS 1.3 the handshake has ended for the client when the server refuses it, and the request shows it. Over
     * HTTP/1.1, because HttpCore's HTTP/2 says no more than "connection is closed" of a connection without SETTINGS.
     */
    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("combinations")
    void isMissed(Browser browser, Peer peer, Peer.Setup setup) throws Exception {
        Peer.Setup http1 = new Peer.Setup(setup.key(), setup.protocol(), false, true);
        try (TestServer server = peer.start(http1);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            if (peer == Peer.NGINX) {
                assertThat(client.get(HOST, tap.port(), "/report").status()).isEqualTo(400);
                return;
            }
            assertThatThrownBy(() -> client.get(HOST, tap.port(), "/report"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining(HOST)
                    .hasMessageContaining("the server sent alert");
        }
    }
}
