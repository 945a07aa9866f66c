package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.JsseServer;
import io.github.hc5.utls.it.servers.JsseServerProcess;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.TappedConnection;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TestServer;
import io.github.hc5.utls.it.servers.WireClientHello;
import io.github.hc5.utls.it.servers.WireExtension;
import io.github.hc5.utls.it.servers.WireTap;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every profile of the catalogue completes a handshake and a GET with each server implementation, in TLS 1.3 (where it
 * offers it) and TLS 1.2, and after a HelloRetryRequest.
 */
class EveryProfileTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;
    private static final String TLS_1_3 = "TLSv1.3";
    private static final String TLS_1_2 = "TLSv1.2";
    private static final int KEY_SHARE = 51;
    private static final int PADDING = 21;
    private static final int COOKIE = 44;

    /** A group of which all profiles know and for which none sends a share. */
    private static final String RETRY_GROUP = "P-384";

    private static final int RETRY_GROUP_ID = 24;

    /** What the profiles are tried against. */
    private enum Server {
        OPENSSL_13(TLS_1_3, false) {
            @Override
            TestServer start() {
                return OpensslServer.www(TestPki.server(KeyKind.RSA), "-tls1_3");
            }
        },
        OPENSSL_12(TLS_1_2, false) {
            @Override
            TestServer start() {
                return OpensslServer.www(TestPki.server(KeyKind.RSA), "-tls1_2");
            }
        },
        OPENSSL_RETRY(TLS_1_3, true) {
            @Override
            TestServer start() {
                return OpensslServer.www(TestPki.server(KeyKind.RSA), "-tls1_3", "-groups", RETRY_GROUP);
            }
        },
        BORINGSSL_13(TLS_1_3, false) {
            @Override
            TestServer start() {
                return NettyServer.start(NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), TLS_1_3));
            }
        },
        BORINGSSL_12(TLS_1_2, false) {
            @Override
            TestServer start() {
                return NettyServer.start(NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), TLS_1_2));
            }
        },
        BORINGSSL_RETRY(TLS_1_3, true) {
            @Override
            TestServer start() {
                return NettyServer.start(NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), TLS_1_3)
                        .withGroups(RETRY_GROUP));
            }
        },
        JSSE_13(TLS_1_3, false) {
            @Override
            TestServer start() {
                return jsse(TLS_1_3);
            }
        },
        JSSE_12(TLS_1_2, false) {
            @Override
            TestServer start() {
                return jsse(TLS_1_2);
            }
        },
        JSSE_RETRY(TLS_1_3, true) {
            @Override
            TestServer start() {
                return JsseServerProcess.start(TestPki.server(KeyKind.RSA), "secp384r1");
            }
        };

        private final String version;
        private final boolean retries;

        Server(String version, boolean retries) {
            this.version = version;
            this.retries = retries;
        }

        abstract TestServer start();

        private static TestServer jsse(String version) {
            return JsseServer.start(new JsseServer.Settings(
                    TestPki.server(KeyKind.ECDSA), version, HttpVersionPolicy.NEGOTIATE, false));
        }
    }

    private static final Map<Server, TestServer> SERVERS = new EnumMap<>(Server.class);
    private static final Map<Server, WireTap> TAPS = new EnumMap<>(Server.class);

    @BeforeAll
    static void start() {
        for (Server server : Server.values()) {
            TestServer started = server.start();
            SERVERS.put(server, started);
            TAPS.put(server, WireTap.before(started.address()));
        }
    }

    @AfterAll
    static void stop() {
        TAPS.values().forEach(WireTap::close);
        SERVERS.values().forEach(TestServer::close);
        TAPS.clear();
        SERVERS.clear();
    }

    static Stream<String> names() {
        return BrowserProfiles.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void getsFromEveryServer(String name) throws Exception {
        BrowserProfile profile = BrowserProfiles.find(name);
        try (StockClient client = new StockClient(Browser.strategy(profile), HttpVersionPolicy.NEGOTIATE)) {
            for (Server server : Server.values()) {
                if (offers(profile, server.version)) {
                    WireTap tap = Objects.requireNonNull(TAPS.get(server));
                    StockClient.Answer answer = client.get(HOST, tap.port(), "/report");
                    assertThat(answer.status()).as("%s", server).isEqualTo(200);
                    assertThat(answer.session().getProtocol()).isEqualTo(server.version);
                    List<TappedConnection> connections = tap.connections();
                    assertHellos(server, connections.get(connections.size() - 1).clientHellos());
                }
            }
        }
    }

    private static boolean offers(BrowserProfile profile, String version) {
        int codePoint = version.equals(TLS_1_3) ? 0x0304 : 0x0303;
        return profile.hello()
                .extension(ExtensionSpec.SupportedVersions.class)
                .map(ExtensionSpec.SupportedVersions::versions)
                .orElse(List.of(0x0303))
                .contains(codePoint);
    }

    /**
     * The second hello is the first with one share for the group that was asked for, without padding, and with the cookie
     * where the server sent one (RFC 8446 section 4.2.2), as JSSE does.
     */
    private static void assertHellos(Server server, List<WireClientHello> hellos) {
        assertThat(hellos).as("%s", server).hasSize(server.retries ? 2 : 1);
        if (!server.retries) {
            return;
        }
        WireClientHello first = hellos.get(0);
        WireClientHello second = hellos.get(1);
        assertThat(second.keyShares())
                .extracting(WireClientHello.KeyShare::group)
                .containsExactly(RETRY_GROUP_ID);
        assertThat(second.random()).isEqualTo(first.random());
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(second.cipherSuites()).isEqualTo(first.cipherSuites());
        assertThat(unchanged(second)).isEqualTo(unchanged(first));
        assertThat(second.extensions().stream().filter(extension -> extension.type() == COOKIE))
                .hasSize(server == Server.JSSE_RETRY ? 1 : 0);
    }

    private static List<WireExtension> unchanged(WireClientHello hello) {
        return hello.extensions().stream()
                .filter(extension ->
                        extension.type() != KEY_SHARE && extension.type() != PADDING && extension.type() != COOKIE)
                .toList();
    }
}
