package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.servers.AlpsServer;
import io.github.hc5.utls.it.servers.AlpsSettings;
import io.github.hc5.utls.it.servers.AlpsSettings.KeyUpdates;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.Exchange;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.ServerReport;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.WireTap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages after the handshake: KeyUpdate (RFC 8446 section 4.6.3) and NewSessionTicket. */
class KeyUpdateTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;

    static Stream<Arguments> combinations() {
        return Arrays.stream(Browser.values())
                .flatMap(browser -> Arrays.stream(KeyUpdates.values())
                        .flatMap(updates ->
                                Stream.of("h2", "http/1.1").map(protocol -> Arguments.of(browser, updates, protocol))));
    }

    /** With KeyUpdate and answer in one flight, which is where HttpCore with JSSE loses the answer. */
    @ParameterizedTest(name = "{0} with key updates of {1} over {2}")
    @MethodSource("combinations")
    void bctlsUpdatesItsKeysBeforeEachPieceOfAnAnswer(Browser browser, KeyUpdates updates, String protocol)
            throws Exception {
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .applicationProtocols(protocol)
                .keyUpdates(updates)
                .tickets(3)
                .build();
        byte[] upload = Exchange.pattern(100_000);
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get(HOST, tap.port(), "/bytes/200000").body().toByteArray())
                        .isEqualTo(Exchange.pattern(200_000));
                Octets sum = client.post(HOST, tap.port(), "/sum", upload).body();
                assertThat(ServerReport.parse(sum).values()).isEqualTo(Exchange.sum(upload));
            }
            assertThat(tap.connections()).hasSize(1);
            int received = server.onlyConnection().keyUpdates();
            if (updates == KeyUpdates.BOTH) {
                assertThat(received).isPositive();
            } else {
                assertThat(received).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void opensslUpdatesItsKeysBetweenAnswers(Browser browser) throws Exception {
        List<String> commands = List.of("K", "k", "K", "K");
        try (OpensslServer server = OpensslServer.dialogue(TestPki.server(KeyKind.ECDSA), commands, "-tls1_3");
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            for (int answer = 1; answer <= 6; answer++) {
                byte[] body = client.get(HOST, tap.port(), "/").body().toByteArray();
                assertThat(new String(body, StandardCharsets.US_ASCII)).isEqualTo("answer " + answer);
            }
            assertThat(tap.connections()).hasSize(1);
            assertThat(server.handshakeMessages().stream().filter(">>> KeyUpdate"::equals))
                    .hasSize(4);
            assertThat(server.handshakeMessages().stream().filter("<<< KeyUpdate"::equals))
                    .hasSize(3);
        }
    }
}
