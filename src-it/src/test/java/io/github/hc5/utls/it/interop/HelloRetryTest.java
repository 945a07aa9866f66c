package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.fingerprint.Grease;
import io.github.hc5.utls.it.servers.AlpsServer;
import io.github.hc5.utls.it.servers.AlpsSettings;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.CertificateCompression;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.TappedConnection;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TestServer;
import io.github.hc5.utls.it.servers.TlsRecord;
import io.github.hc5.utls.it.servers.WireClientHello;
import io.github.hc5.utls.it.servers.WireClientHello.KeyShare;
import io.github.hc5.utls.it.servers.WireExtension;
import io.github.hc5.utls.it.servers.WireServerHello;
import io.github.hc5.utls.it.servers.WireTap;
import io.github.hc5.utls.tls.UtlsSslSession;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * HelloRetryRequests (RFC 8446 section 4.1.4) by three implementations. What the second hello may change is what the real
 * browser changed in its capture: the record's version and the key shares, and with a cookie the cookie; all else stays
 * to the byte, GREASE, order, random, session id and the ECH offer included.
 */
class HelloRetryTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;
    private static final int KEY_SHARE = 51;
    private static final int COOKIE = 44;
    private static final int SECP384R1 = 24;

    /**
     * What a browser's two hellos differed in.
     *
     * @param recordVersions the versions of the records that carried the first and the second hello
     * @param changedExtensions the extensions whose bodies changed
     * @param firstGroups the groups of the first hello's key shares, -1 for GREASE
     */
    private record Observed(List<Integer> recordVersions, List<Integer> changedExtensions, List<Integer> firstGroups) {

        static Observed of(Browser browser) throws IOException {
            try (InputStream in = Objects.requireNonNull(
                    HelloRetryTest.class.getResourceAsStream("hello-retry.json"), "hello-retry.json")) {
                JsonNode facts =
                        new ObjectMapper().readTree(in).get(browser.profile().name());
                return new Observed(
                        integers(facts.get("record_versions")),
                        integers(facts.get("changed_extensions")),
                        integers(facts.get("first_groups")));
            }
        }

        private static List<Integer> integers(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false)
                    .map(JsonNode::asInt)
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"CHROME, P-384, 24", "FIREFOX, P-384, 24", "FIREFOX, P-521, 25"})
    void boringSslAsksForAnotherGroup(Browser browser, String name, int group) throws Exception {
        NettyServer.Settings settings = NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), "TLSv1.3")
                .withGroups(name)
                .withCompressions(CertificateCompression.BROTLI);
        try (NettyServer server = NettyServer.start(settings)) {
            TappedConnection connection = connect(browser, server, "/report");
            assertAsksForGroup(connection, group);
            assertChangesWhatTheBrowserChanges(browser, connection, group);
        }
    }

    @ParameterizedTest
    @CsvSource({"CHROME, P-384, 24", "FIREFOX, P-521, 25", "FIREFOX, ffdhe2048, 256", "CHROME, P-256, 23"})
    void opensslAsksForAnotherGroup(Browser browser, String name, int group) throws Exception {
        try (OpensslServer server = OpensslServer.www(TestPki.server(KeyKind.RSA), "-tls1_3", "-groups", name)) {
            TappedConnection connection = connect(browser, server, "/");
            assertAsksForGroup(connection, group);
            assertChangesWhatTheBrowserChanges(browser, connection, group);
        }
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void bctlsAsksForAnotherGroup(Browser browser) throws Exception {
        AlpsSettings settings =
                AlpsSettings.of(TestPki.server(KeyKind.ECDSA)).groups(SECP384R1).build();
        try (AlpsServer server = AlpsServer.start(settings)) {
            TappedConnection connection = connect(browser, server, "/bytes/1");
            assertAsksForGroup(connection, SECP384R1);
            assertChangesWhatTheBrowserChanges(browser, connection, SECP384R1);
        }
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void bctlsAsksForAnotherGroupWithACookie(Browser browser) throws Exception {
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .groups(SECP384R1)
                .cookie()
                .build();
        try (AlpsServer server = AlpsServer.start(settings)) {
            TappedConnection connection = connect(browser, server, "/bytes/1");
            WireExtension cookie = connection.serverHellos().get(0).cookie().orElseThrow();
            List<WireClientHello> hellos = connection.clientHellos();
            assertThat(hellos.get(1).extension(COOKIE)).hasValue(cookie);
            assertKeyShares(browser, hellos, SECP384R1);
            assertSameBut(browser, hellos.get(0), hellos.get(1), List.of(KEY_SHARE));
            assertCookiePosition(browser, hellos.get(1));
        }
    }

    /** Without a group in the request there is nothing to change but the cookie: even the key shares stay. */
    @ParameterizedTest
    @EnumSource(Browser.class)
    void opensslAsksForACookieAlone(Browser browser) throws Exception {
        try (OpensslServer server =
                        OpensslServer.dialogue(TestPki.server(KeyKind.ECDSA), List.of(), "-tls1_3", "-stateless");
                WireTap tap = WireTap.withoutChangeCipherSpec(server.address());
                StockClient client = browser.client()) {
            StockClient.Answer answer = client.get(HOST, tap.port(), "/");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(tap.onlyConnection().serverHello().group())
                    .hasValue(((UtlsSslSession) answer.session()).namedGroup());
            List<WireClientHello> hellos = tap.onlyConnection().clientHellos();
            WireServerHello request = tap.onlyConnection().serverHellos().get(0);
            assertThat(request.isHelloRetryRequest()).isTrue();
            assertThat(request.group()).isEmpty();
            assertThat(hellos.get(1).extension(COOKIE))
                    .isEqualTo(request.cookie())
                    .isPresent();
            assertSameBut(browser, hellos.get(0), hellos.get(1), List.of());
            assertCookiePosition(browser, hellos.get(1));
        }
    }

    private static TappedConnection connect(Browser browser, TestServer server, String path) throws Exception {
        try (WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            StockClient.Answer answer = client.get(HOST, tap.port(), path);
            assertThat(answer.status()).isEqualTo(200);
            return tap.onlyConnection();
        }
    }

    private static void assertAsksForGroup(TappedConnection connection, int group) {
        List<WireServerHello> hellos = connection.serverHellos();
        assertThat(hellos).hasSize(2);
        assertThat(hellos.get(0).isHelloRetryRequest()).isTrue();
        assertThat(hellos.get(0).group()).hasValue(group);
        assertThat(hellos.get(1).group()).hasValue(group);
        assertThat(connection.clientHellos()).hasSize(2);
    }

    private static void assertChangesWhatTheBrowserChanges(Browser browser, TappedConnection connection, int group)
            throws Exception {
        List<WireClientHello> hellos = connection.clientHellos();
        assertKeyShares(browser, hellos, group);
        assertSameBut(browser, hellos.get(0), hellos.get(1), List.of(KEY_SHARE));
        assertThat(Observed.of(browser).changedExtensions()).containsExactly(KEY_SHARE);
        assertThat(connection.clientRecords().get(1).type())
                .as("a change_cipher_spec comes between the two")
                .isEqualTo(TlsRecord.CHANGE_CIPHER_SPEC);
    }

    private static void assertKeyShares(Browser browser, List<WireClientHello> hellos, int group) throws Exception {
        assertThat(hellos.get(0).keyShares().stream()
                        .map(KeyShare::group)
                        .map(each -> Grease.isGrease(each) ? -1 : each))
                .isEqualTo(Observed.of(browser).firstGroups());
        assertThat(hellos.get(1).keyShares()).extracting(KeyShare::group).containsExactly(group);
    }

    private static void assertSameBut(
            Browser browser, WireClientHello first, WireClientHello second, List<Integer> changed) throws Exception {
        assertThat(List.of(first.recordVersion(), second.recordVersion()))
                .isEqualTo(Observed.of(browser).recordVersions());
        assertThat(second.legacyVersion()).isEqualTo(first.legacyVersion());
        assertThat(second.random()).isEqualTo(first.random());
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(second.cipherSuites()).isEqualTo(first.cipherSuites());
        assertThat(second.compressionMethods()).isEqualTo(first.compressionMethods());
        assertThat(second.extensionOrder().stream().filter(type -> type != COOKIE))
                .isEqualTo(first.extensionOrder());
        for (WireExtension extension : first.extensions()) {
            if (changed.contains(extension.type())) {
                assertThat(second.extension(extension.type()).orElseThrow()).isNotEqualTo(extension);
            } else {
                assertThat(second.extension(extension.type())).hasValue(extension);
            }
        }
    }

    /** Firefox has one place for the cookie; Chrome shuffles it with the rest, between its two GREASE extensions. */
    private static void assertCookiePosition(Browser browser, WireClientHello hello) {
        List<Integer> order = hello.extensionOrder();
        int position = order.indexOf(COOKIE);
        if (browser == Browser.FIREFOX) {
            assertThat(order.subList(position - 1, position + 2)).containsExactly(13, COOKIE, 45);
        } else {
            assertThat(position).isBetween(1, order.size() - 2);
            assertThat(order.get(0)).matches(Grease::isGrease);
            assertThat(order.get(order.size() - 1)).matches(Grease::isGrease);
        }
    }
}
