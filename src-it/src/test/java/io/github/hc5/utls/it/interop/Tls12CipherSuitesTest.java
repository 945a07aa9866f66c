package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.Exchange;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.ServerReport;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.WireTap;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS 1.2 servers that leave the client one cipher suite. */
class Tls12CipherSuitesTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;

    @ParameterizedTest(name = "{0} to BoringSSL with {2}")
    @CsvSource({
        "CHROME,  ECDSA, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,       true",
        "CHROME,  ECDSA, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,       true",
        "CHROME,  ECDSA, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true",
        "CHROME,  RSA,   TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,         true",
        "CHROME,  RSA,   TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,         true",
        "CHROME,  RSA,   TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,   true",
        "CHROME,  RSA,   TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,            false",
        "CHROME,  RSA,   TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,            false",
        "CHROME,  RSA,   TLS_RSA_WITH_AES_128_GCM_SHA256,               false",
        "CHROME,  RSA,   TLS_RSA_WITH_AES_256_CBC_SHA,                  false",
        "FIREFOX, ECDSA, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,       true",
        "FIREFOX, ECDSA, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,       true",
        "FIREFOX, ECDSA, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true",
        "FIREFOX, ECDSA, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,          false",
        "FIREFOX, RSA,   TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,         true",
        "FIREFOX, RSA,   TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,         true",
        "FIREFOX, RSA,   TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,   true",
        "FIREFOX, RSA,   TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,            false",
        "FIREFOX, RSA,   TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,            false",
        "FIREFOX, RSA,   TLS_RSA_WITH_AES_256_GCM_SHA384,               false",
        "FIREFOX, RSA,   TLS_RSA_WITH_AES_128_CBC_SHA,                  false",
    })
    void handshakesWith(Browser browser, KeyKind key, String suite, boolean http2) throws Exception {
        NettyServer.Settings settings =
                NettyServer.Settings.of(TestPki.server(key), "TLSv1.2").withCiphers(suite);
        if (!http2) {
            // HTTP/2 forbids these suites (RFC 9113 appendix A), and a server that has no other does not select it
            settings = settings.withApplicationProtocols("http/1.1");
        }
        try (NettyServer server = NettyServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/report");
            assertThat(answer.session().getProtocol()).isEqualTo("TLSv1.2");
            assertThat(answer.session().getCipherSuite()).isEqualTo(suite);
            assertThat(answer.isHttp2()).isEqualTo(http2);
            assertThat(ServerReport.parse(answer.body()).get(ServerReport.CIPHER))
                    .isEqualTo(suite);
            assertThat(client.get(HOST, tap.port(), "/bytes/200000").body().toByteArray())
                    .isEqualTo(Exchange.pattern(200_000));
            assertThat(ServerReport.parse(client.post(HOST, tap.port(), "/sum", Exchange.pattern(200_000))
                                    .body())
                            .values())
                    .isEqualTo(Exchange.sum(Exchange.pattern(200_000)));
        }
    }

    /** The curve is for the key exchange; the certificate's own is always P-256. */
    @ParameterizedTest(name = "{0} to OpenSSL with {2} on {3}")
    @CsvSource({
        "CHROME,  ECDSA, ECDHE-ECDSA-CHACHA20-POLY1305, x25519",
        "CHROME,  RSA,   ECDHE-RSA-AES128-SHA,          P-256",
        "CHROME,  RSA,   ECDHE-RSA-AES256-GCM-SHA384,   P-384",
        "CHROME,  RSA,   AES128-GCM-SHA256,             x25519",
        "CHROME,  RSA,   AES128-SHA,                    x25519",
        "FIREFOX, ECDSA, ECDHE-ECDSA-AES256-SHA,        P-521",
        "FIREFOX, RSA,   ECDHE-RSA-CHACHA20-POLY1305,   P-256",
        "FIREFOX, RSA,   ECDHE-RSA-AES256-SHA,          P-384",
        "FIREFOX, RSA,   AES256-GCM-SHA384,             x25519",
        "FIREFOX, RSA,   AES256-SHA,                    x25519",
    })
    void handshakesOnCurve(Browser browser, KeyKind key, String suite, String curve) throws Exception {
        try (OpensslServer server = OpensslServer.www(
                        TestPki.server(key), "-tls1_2", "-cipher", suite + ":@SECLEVEL=0", "-groups", curve);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/");
            assertThat(OpensslServer.report(answer.body()).get(ServerReport.CIPHER))
                    .isEqualTo(suite);
        }
    }

    /** Chrome offers no CBC suite for ECDSA certificates, so neither does the profile: the server must find nothing. */
    @ParameterizedTest
    @CsvSource("CHROME, ECDSA, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA")
    void refusesWhatTheBrowserDoesNotOffer(Browser browser, KeyKind key, String suite) {
        NettyServer.Settings settings =
                NettyServer.Settings.of(TestPki.server(key), "TLSv1.2").withCiphers(suite);
        try (NettyServer server = NettyServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThatThrownBy(() -> client.get(HOST, tap.port(), "/report"))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining(HOST)
                    .hasMessageContaining("handshake_failure");
        }
    }
}
