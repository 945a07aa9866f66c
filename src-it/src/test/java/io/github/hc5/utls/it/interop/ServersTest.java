package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.servers.AlpsServer;
import io.github.hc5.utls.it.servers.AlpsSettings;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.CertificateCompression;
import io.github.hc5.utls.it.servers.DelegatedKey;
import io.github.hc5.utls.it.servers.Exchange;
import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.JsseServer;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.NginxServer;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.ServerReport;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TestServer;
import io.github.hc5.utls.it.servers.WireServerHello;
import io.github.hc5.utls.it.servers.WireTap;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The servers themselves, seen by a client that is not under test: the JDK's. Where one of these fails, the fault is the
 * server's and not the library's.
 */
class ServersTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, NEGOTIATE, ECDSA",
        "TLSv1.3, NEGOTIATE, ECDSA",
        "TLSv1.3, NEGOTIATE, RSA",
        "TLSv1.2, FORCE_HTTP_1, RSA"
    })
    void jsseAnswers(String protocol, HttpVersionPolicy policy, KeyKind kind) throws Exception {
        JsseServer.Settings settings = new JsseServer.Settings(TestPki.server(kind), protocol, policy, false);
        try (JsseServer server = JsseServer.start(settings)) {
            answers(server, protocol, policy);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, NEGOTIATE", "TLSv1.3, NEGOTIATE", "TLSv1.3, FORCE_HTTP_1"})
    void boringSslAnswers(String protocol, HttpVersionPolicy policy) throws Exception {
        try (NettyServer server = NettyServer.start(NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), protocol))) {
            answers(server, protocol, policy);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, NEGOTIATE", "TLSv1.3, NEGOTIATE", "TLSv1.3, FORCE_HTTP_1"})
    void nginxAnswers(String protocol, HttpVersionPolicy policy) throws Exception {
        boolean http2 = policy != HttpVersionPolicy.FORCE_HTTP_1;
        try (NginxServer server = NginxServer.start(
                        new NginxServer.Settings(TestPki.server(KeyKind.ECDSA), protocol, http2, false));
                WireTap tap = WireTap.before(server.address());
                StockClient client = new StockClient(jsse(), policy)) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/report");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.isHttp2()).isEqualTo(http2);
            assertThat(ServerReport.parse(answer.body()).get(ServerReport.TLS)).isEqualTo(protocol);
            assertThat(client.get(HOST, tap.port(), "/bytes/" + NginxServer.FILE_LENGTH)
                            .body()
                            .toByteArray())
                    .isEqualTo(Exchange.pattern(NginxServer.FILE_LENGTH));
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, -tls1_2", "TLSv1.3, -tls1_3"})
    void opensslAnswers(String protocol, String option) throws Exception {
        try (OpensslServer server = OpensslServer.www(TestPki.server(KeyKind.RSA), option);
                WireTap tap = WireTap.before(server.address());
                StockClient client = new StockClient(jsse(), HttpVersionPolicy.NEGOTIATE)) {
            ServerReport report =
                    OpensslServer.report(client.get(HOST, tap.port(), "/").body());
            assertThat(report.get(ServerReport.TLS)).isEqualTo(protocol);
            assertThat(report.get(ServerReport.CLIENT)).isEmpty();
        }
    }

    /** With the JDK's HTTP client: HttpCore loses data that comes in one read with a KeyUpdate that JSSE must answer. */
    @Test
    void opensslUpdatesItsKeysBetweenAnswers() throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(sslContext())
                .build();
        try (OpensslServer server =
                        OpensslServer.dialogue(TestPki.server(KeyKind.ECDSA), List.of("K", "k"), "-tls1_3");
                WireTap tap = WireTap.before(server.address())) {
            for (int answer = 1; answer <= 3; answer++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + tap.port() + "/"))
                        .timeout(Duration.ofSeconds(10))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                .body())
                        .isEqualTo("answer " + answer);
            }
            assertThat(tap.connections()).hasSize(1);
            assertThat(server.handshakeMessages())
                    .containsSubsequence(">>> KeyUpdate", "<<< KeyUpdate", ">>> KeyUpdate");
        }
    }

    @ParameterizedTest
    @EnumSource(HttpVersionPolicy.class)
    void theAlpsServerAnswersAClientThatKnowsNoneOfItsExtensions(HttpVersionPolicy policy) throws Exception {
        Identity identity = TestPki.delegatingServer();
        AlpsSettings settings = AlpsSettings.of(identity)
                .applicationSettings(17613, Octets.of((byte) 1))
                .compression(CertificateCompression.BROTLI)
                .recordSizeLimit(200)
                .echRetryConfigs(Octets.of((byte) 0, (byte) 0))
                .delegatedKey(DelegatedKey.issue(identity, identity, Duration.ofDays(1)))
                .clientCertificate()
                .groups(24)
                .cookie()
                .tickets(2)
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client =
                        new StockClient(jsse(TestPki.client(KeyKind.RSA).keyManagers()), policy)) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/bytes/100000");
            assertThat(answer.body().toByteArray()).isEqualTo(Exchange.pattern(100_000));
            assertThat(answer.isHttp2()).isEqualTo(policy != HttpVersionPolicy.FORCE_HTTP_1);
            assertThat(server.onlyConnection().clientSubject()).hasValue("CN=rsa-client");
            assertThat(server.onlyConnection().clientSettings()).isEmpty();
            assertThat(tap.onlyConnection().clientHellos().get(1).extension(44))
                    .isEqualTo(tap.onlyConnection().serverHellos().get(0).cookie())
                    .isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(AlpsSettings.KeyUpdates.class)
    void theAlpsServerUpdatesItsKeys(AlpsSettings.KeyUpdates updates) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(sslContext())
                .build();
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .keyUpdates(updates)
                .build();
        try (AlpsServer server = AlpsServer.start(settings)) {
            int port = ((InetSocketAddress) server.address()).getPort();
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/bytes/100000"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(Exchange.pattern(100_000));
            assertThat(server.onlyConnection().keyUpdates() > 0).isEqualTo(updates == AlpsSettings.KeyUpdates.BOTH);
        }
    }

    @Test
    void opensslRequestsARetry() throws Exception {
        try (OpensslServer server = OpensslServer.www(TestPki.server(KeyKind.ECDSA), "-tls1_3", "-groups", "P-384");
                WireTap tap = WireTap.before(server.address());
                StockClient client = new StockClient(jsse(), HttpVersionPolicy.NEGOTIATE)) {
            assertThat(client.get(HOST, tap.port(), "/").status()).isEqualTo(200);
            assertThat(tap.onlyConnection().serverHellos()).hasSize(2);
            assertThat(tap.onlyConnection().serverHellos().get(0).isHelloRetryRequest())
                    .isTrue();
            assertThat(tap.onlyConnection().serverHello().group()).hasValue(24);
            assertThat(tap.onlyConnection().clientHellos()).hasSize(2);
        }
    }

    @Test
    void opensslRequestsARetryWithACookieAlone() throws Exception {
        try (OpensslServer server =
                        OpensslServer.dialogue(TestPki.server(KeyKind.ECDSA), List.of(), "-tls1_3", "-stateless");
                WireTap tap = WireTap.withoutChangeCipherSpec(server.address());
                StockClient client = new StockClient(jsse(), HttpVersionPolicy.NEGOTIATE)) {
            assertThat(client.get(HOST, tap.port(), "/").status()).isEqualTo(200);
            WireServerHello retry = tap.onlyConnection().serverHellos().get(0);
            assertThat(retry.isHelloRetryRequest()).isTrue();
            assertThat(retry.group()).isEmpty();
            assertThat(tap.onlyConnection().clientHellos().get(1).extension(44)).isEqualTo(retry.cookie());
        }
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void everyServerSeesTheClientCertificate(KeyKind kind) throws Exception {
        TlsStrategy strategy = jsse(TestPki.client(kind).keyManagers());
        String subject = TestPki.client(kind).leaf().getSubjectX500Principal().getName();
        try (JsseServer jsse = JsseServer.start(new JsseServer.Settings(
                        TestPki.server(KeyKind.ECDSA), "TLSv1.3", HttpVersionPolicy.NEGOTIATE, true));
                NettyServer netty = NettyServer.start(NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), "TLSv1.3")
                        .withClientCertificate());
                NginxServer nginx = NginxServer.start(
                        new NginxServer.Settings(TestPki.server(KeyKind.ECDSA), "TLSv1.3", true, true));
                StockClient client = new StockClient(strategy, HttpVersionPolicy.NEGOTIATE)) {
            for (TestServer server : List.of(jsse, netty, nginx)) {
                try (WireTap tap = WireTap.before(server.address())) {
                    ServerReport report = ServerReport.parse(
                            client.get(HOST, tap.port(), "/report").body());
                    assertThat(report.get(ServerReport.CLIENT)).isEqualTo(subject);
                }
            }
        }
    }

    private static void answers(TestServer server, String protocol, HttpVersionPolicy policy) throws Exception {
        boolean http2 = policy != HttpVersionPolicy.FORCE_HTTP_1;
        try (WireTap tap = WireTap.before(server.address());
                StockClient client = new StockClient(jsse(), policy)) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/report");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.isHttp2()).isEqualTo(http2);
            ServerReport report = ServerReport.parse(answer.body());
            assertThat(report.get(ServerReport.TLS)).isEqualTo(protocol);
            assertThat(report.get(ServerReport.ALPN)).isEqualTo(http2 ? "h2" : "http/1.1");
            assertThat(report.get(ServerReport.CLIENT)).isEmpty();

            assertThat(client.get(HOST, tap.port(), "/bytes/100000").body().toByteArray())
                    .isEqualTo(Exchange.pattern(100_000));
            Map<String, String> sum = ServerReport.parse(client.post(HOST, tap.port(), "/sum", Exchange.pattern(50_000))
                            .body())
                    .values();
            assertThat(sum).isEqualTo(Exchange.sum(Exchange.pattern(50_000)));

            assertThat(tap.onlyConnection().clientHello().serverName()).hasValue(HOST);
            assertThat(tap.onlyConnection().serverHello().version())
                    .isEqualTo(protocol.equals("TLSv1.3") ? 0x304 : 0x303);
        }
    }

    private static TlsStrategy jsse(KeyManager... keys) throws Exception {
        return new DefaultClientTlsStrategy(sslContext(keys));
    }

    private static SSLContext sslContext(KeyManager... keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {TestPki.SERVERS.trustManager()}, null);
        return context;
    }
}
