package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.servers.AlpsConnection;
import io.github.hc5.utls.it.servers.AlpsServer;
import io.github.hc5.utls.it.servers.AlpsSettings;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.CertificateCompression;
import io.github.hc5.utls.it.servers.DelegatedKey;
import io.github.hc5.utls.it.servers.Exchange;
import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.ServerReport;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TlsRecord;
import io.github.hc5.utls.it.servers.WireTap;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that take up what the hellos offer beyond the usual: ALPS, record sizes, ECH, delegated credentials, ML-KEM. */
class ServerExtensionsTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;
    private static final int NEW_ALPS = 17613;
    private static final int OLD_ALPS = 17513;
    /** An HTTP/2 SETTINGS frame with MAX_CONCURRENT_STREAMS = 100, as a server's application settings hold. */
    private static final Octets SERVER_SETTINGS = Octets.ofHex("000006040000000000" + "000300000064");
    /** RFC 8446 section 5.2: the content type's byte is inside the limit, the AEAD's tag is not. */
    private static final int TAG = 16;

    static Stream<Arguments> applicationSettings() {
        return Stream.of(false, true)
                .flatMap(client -> Stream.of(false, true)
                        .flatMap(
                                retry -> Stream.of(OLD_ALPS, NEW_ALPS).map(code -> Arguments.of(code, client, retry))));
    }

    @ParameterizedTest(name = "ALPS {0}, client certificate {1}, HelloRetryRequest {2}")
    @MethodSource("applicationSettings")
    void sendsItsApplicationSettings(int codePoint, boolean clientCertificate, boolean retry) throws Exception {
        AlpsSettings.Builder settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .applicationSettings(codePoint, SERVER_SETTINGS)
                .compression(CertificateCompression.BROTLI);
        if (clientCertificate) {
            settings.clientCertificate();
        }
        if (retry) {
            settings.groups(24).cookie();
        }
        try (AlpsServer server = AlpsServer.start(settings.build());
                StockClient client = chromeWithSettings(codePoint, clientCertificate);
                WireTap tap = WireTap.before(server.address())) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/bytes/50000");
            assertThat(answer.isHttp2()).isTrue();
            assertThat(answer.body().toByteArray()).isEqualTo(Exchange.pattern(50_000));
            AlpsConnection connection = server.onlyConnection();
            assertThat(connection.handshakeFailure()).isEmpty();
            // Chrome's own settings for h2 are empty
            assertThat(connection.clientSettings()).hasValue(Octets.empty());
            assertThat(connection.clientSubject().isPresent()).isEqualTo(clientCertificate);
        }
    }

    /** A Chrome of before version 133 offered the older code point; nothing else of it matters here. */
    private static StockClient chromeWithSettings(int codePoint, boolean clientCertificate) {
        BrowserProfile chrome = Browser.CHROME.profile();
        ClientHelloSpec hello = chrome.hello();
        List<ExtensionSpec> extensions = hello.extensions().stream()
                .map(extension -> extension instanceof ExtensionSpec.ApplicationSettings settings
                        ? new ExtensionSpec.ApplicationSettings(codePoint, settings.protocols())
                        : extension)
                .toList();
        BrowserProfile changed = new BrowserProfile(
                chrome.name(),
                chrome.source(),
                new ClientHelloSpec(
                        hello.recordVersion(),
                        hello.sessionIdLength(),
                        hello.cipherSuites(),
                        extensions,
                        hello.order()),
                chrome.http2(),
                chrome.headers());
        return clientCertificate
                ? Browser.client(changed, TestPki.client(KeyKind.ECDSA))
                : new StockClient(Browser.strategy(changed), HttpVersionPolicy.NEGOTIATE);
    }

    /** Chrome offers settings for h2 alone, and Firefox for nothing. */
    @ParameterizedTest
    @CsvSource({"CHROME, http/1.1", "FIREFOX, h2"})
    void sendsNoSettingsWhereNoneAreNegotiated(Browser browser, String protocol) throws Exception {
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .applicationSettings(NEW_ALPS, SERVER_SETTINGS)
                .applicationProtocols(protocol)
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThat(client.get(HOST, tap.port(), "/bytes/1").status()).isEqualTo(200);
            assertThat(server.onlyConnection().applicationProtocol()).hasValue(protocol);
            assertThat(server.onlyConnection().clientSettings()).isEmpty();
        }
    }

    /** Firefox offers record_size_limit; the server's answer then binds every protected record of the client. */
    @ParameterizedTest
    @ValueSource(ints = {64, 200, 1000, 16384, 16385})
    void keepsToTheServersRecordSizeLimit(int limit) throws Exception {
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .recordSizeLimit(limit)
                .clientCertificate()
                .build();
        byte[] upload = Exchange.pattern(100_000);
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = Browser.FIREFOX.client(TestPki.client(KeyKind.ECDSA))) {
            StockClient.Answer answer = client.post(HOST, tap.port(), "/sum", upload);
            assertThat(ServerReport.parse(answer.body()).values()).isEqualTo(Exchange.sum(upload));
            List<TlsRecord> records = tap.onlyConnection().clientRecords().stream()
                    .filter(record -> record.type() == TlsRecord.APPLICATION_DATA)
                    .toList();
            assertThat(records).hasSizeGreaterThanOrEqualTo(upload.length / limit);
            assertThat(records)
                    .allSatisfy(record -> assertThat(record.fragment().length()).isLessThanOrEqualTo(limit + TAG));
            // and it uses what it is allowed, instead of passing the test with tiny records
            assertThat(records)
                    .anySatisfy(
                            record -> assertThat(record.fragment().length()).isGreaterThan(Math.min(limit, 2000) / 2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63})
    void refusesARecordSizeLimitBelowTheSmallest(int limit) {
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .recordSizeLimit(limit)
                .build();
        assertRefused(Browser.FIREFOX, settings, "record_size_limit");
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void goesOnWhereTheServerRefusesEchWithRetryConfigs(Browser browser) throws Exception {
        // one ECHConfig of an unknown version, which every client has to pass over
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .echRetryConfigs(Octets.ofHex("0008" + "ff03" + "0004" + "01020304"))
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThat(client.get(HOST, tap.port(), "/bytes/50000").body().toByteArray())
                    .isEqualTo(Exchange.pattern(50_000));
        }
    }

    @Test
    void acceptsADelegatedCredential() throws Exception {
        Identity holder = TestPki.delegatingServer();
        AlpsSettings settings = AlpsSettings.of(holder)
                .delegatedKey(DelegatedKey.issue(holder, holder, Duration.ofDays(1)))
                .compression(CertificateCompression.ZSTD)
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = Browser.FIREFOX.client()) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/bytes/50000");
            assertThat(answer.body().toByteArray()).isEqualTo(Exchange.pattern(50_000));
            assertThat(answer.session().getPeerCertificates()[0]).isEqualTo(holder.leaf());
        }
    }

    @Test
    void refusesADelegatedCredentialThatAnotherSigned() {
        Identity holder = TestPki.delegatingServer();
        Identity other = TestPki.server(KeyKind.ECDSA);
        assertRefused(
                Browser.FIREFOX,
                AlpsSettings.of(holder)
                        .delegatedKey(DelegatedKey.issue(holder, other, Duration.ofDays(1)))
                        .build(),
                "delegated credential");
    }

    @Test
    void refusesADelegatedCredentialOfACertificateThatMustNotDelegate() {
        Identity holder = TestPki.server(KeyKind.ECDSA);
        assertRefused(
                Browser.FIREFOX,
                AlpsSettings.of(holder)
                        .delegatedKey(DelegatedKey.issue(holder, holder, Duration.ofDays(1)))
                        .build(),
                "does not allow delegation");
    }

    /** Section 4.1.3: neither expired nor valid for more than seven days. */
    @ParameterizedTest
    @ValueSource(strings = {"-PT1M", "P8D"})
    void refusesADelegatedCredentialOutsideItsTime(Duration validity) {
        Identity holder = TestPki.delegatingServer();
        assertRefused(
                Browser.FIREFOX,
                AlpsSettings.of(holder)
                        .delegatedKey(DelegatedKey.issue(holder, holder, validity))
                        .build(),
                "delegated credential");
    }

    private static void assertRefused(Browser browser, AlpsSettings settings, String cause) {
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThatThrownBy(() -> client.get(HOST, tap.port(), "/bytes/1"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining(HOST)
                    .hasMessageContaining(cause);
        }
    }

    /** The certificate may delegate, but Chrome did not ask for it. */
    @Test
    void chromeIsServedByTheCertificateItself() throws Exception {
        Identity holder = TestPki.delegatingServer();
        AlpsSettings settings = AlpsSettings.of(holder)
                .delegatedKey(DelegatedKey.issue(holder, holder, Duration.ofDays(1)))
                .recordSizeLimit(100)
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = Browser.CHROME.client()) {
            assertThat(client.get(HOST, tap.port(), "/bytes/1").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void agreesOnTheHybridGroupWithBoringSsl(Browser browser) throws Exception {
        NettyServer.Settings settings = NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), "TLSv1.3")
                .withGroups("X25519MLKEM768")
                .withCompressions(CertificateCompression.BROTLI);
        try (NettyServer server = NettyServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThat(client.get(HOST, tap.port(), "/report").status()).isEqualTo(200);
            assertThat(tap.onlyConnection().serverHellos()).hasSize(1);
            assertThat(tap.onlyConnection().serverHello().group()).hasValue(4588);
        }
    }

    @ParameterizedTest
    @CsvSource({"CHROME, X25519, 29", "FIREFOX, X25519, 29", "FIREFOX, P-256, 23"})
    void agreesOnAPlainShareWithoutAnotherRoundTrip(Browser browser, String name, int group) throws Exception {
        NettyServer.Settings settings =
                NettyServer.Settings.of(TestPki.server(KeyKind.RSA), "TLSv1.3").withGroups(name);
        try (NettyServer server = NettyServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThat(client.get(HOST, tap.port(), "/report").status()).isEqualTo(200);
            assertThat(tap.onlyConnection().serverHellos()).hasSize(1);
            assertThat(tap.onlyConnection().serverHello().group()).hasValue(group);
        }
    }
}
