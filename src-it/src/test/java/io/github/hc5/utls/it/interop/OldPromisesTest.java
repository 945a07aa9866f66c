package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.ServerReport;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.WireTap;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only older profiles offer, and a server may therefore choose: suites, versions, groups. */
class OldPromisesTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;

    @ParameterizedTest
    @CsvSource({
        "safari-15.3,    ECDSA, ECDHE-ECDSA-AES256-SHA384",
        "safari-15.3,    ECDSA, ECDHE-ECDSA-AES128-SHA256",
        "safari-15.3,    ECDSA, ECDHE-ECDSA-AES256-SHA",
        "safari-15.3,    ECDSA, ECDHE-ECDSA-AES128-SHA",
        "safari-15.3,    RSA,   ECDHE-RSA-AES256-SHA384",
        "safari-15.3,    RSA,   ECDHE-RSA-AES128-SHA256",
        "safari-13-ios,  RSA,   AES256-SHA256",
        "safari-13-ios,  RSA,   AES128-SHA256",
        "okhttp-4-android-7, RSA, ECDHE-RSA-AES128-SHA",
    })
    void suitesOfTls12(String profile, KeyKind key, String suite) throws Exception {
        try (OpensslServer server =
                        OpensslServer.www(TestPki.server(key), "-tls1_2", "-cipher", suite + ":@SECLEVEL=0");
                WireTap tap = WireTap.before(server.address());
                StockClient client = client(profile)) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/");
            assertThat(OpensslServer.report(answer.body()).get(ServerReport.CIPHER))
                    .isEqualTo(suite);
        }
    }

    @ParameterizedTest
    @CsvSource({"safari-18.4, -tls1_1, TLSv1.1", "safari-18.4, -tls1, TLSv1", "chrome-83, -tls1_1, TLSv1.1"})
    void versions(String profile, String option, String version) throws Exception {
        try (OpensslServer server =
                        OpensslServer.www(TestPki.server(KeyKind.RSA), option, "-cipher", "ALL:@SECLEVEL=0");
                WireTap tap = WireTap.before(server.address());
                StockClient client = client(profile)) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.session().getProtocol()).isEqualTo(version);
        }
    }

    @ParameterizedTest
    @CsvSource({"chrome-124, X25519Kyber768Draft00, 25497"})
    void groups(String profile, String name, int group) throws Exception {
        NettyServer.Settings settings = NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), "TLSv1.3")
                .withGroups(name);
        try (NettyServer server = NettyServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = client(profile)) {
            assertThat(client.get(HOST, tap.port(), "/report").status()).isEqualTo(200);
            assertThat(tap.onlyConnection().serverHellos()).hasSize(1);
            assertThat(tap.onlyConnection().serverHello().group()).hasValue(group);
        }
    }

    private static StockClient client(String profile) {
        return new StockClient(Browser.strategy(BrowserProfiles.find(profile)), HttpVersionPolicy.NEGOTIATE);
    }
}
