package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.servers.AlpsServer;
import io.github.hc5.utls.it.servers.AlpsSettings;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.CertificateCompression;
import io.github.hc5.utls.it.servers.CompressedCertificate;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.WireTap;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificate compression (RFC 8879), which Chrome offers with brotli and Firefox with zlib, brotli and zstd. */
class CertificateCompressionTest {

    private static final String HOST = CertificateAuthority.SERVER_NAME;

    @ParameterizedTest
    @CsvSource({"CHROME, BROTLI", "FIREFOX, BROTLI", "FIREFOX, ZLIB", "FIREFOX, ZSTD"})
    void boringSslCompresses(Browser browser, CertificateCompression algorithm) throws Exception {
        for (KeyKind key : KeyKind.values()) {
            NettyServer.Settings settings =
                    NettyServer.Settings.of(TestPki.server(key), "TLSv1.3").withCompressions(algorithm);
            try (NettyServer server = NettyServer.start(settings);
                    WireTap tap = WireTap.before(server.address());
                    StockClient client = browser.client()) {
                StockClient.Answer answer = client.get(HOST, tap.port(), "/report");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.session().getPeerCertificates()[0])
                        .isEqualTo(TestPki.server(key).leaf());
                assertThat(server.compressionsUsed()).containsExactly(algorithm);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"CHROME, ZLIB", "CHROME, ZSTD"})
    void boringSslSendsWhatIsNotOfferedPlain(Browser browser, CertificateCompression algorithm) throws Exception {
        NettyServer.Settings settings = NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), "TLSv1.3")
                .withCompressions(algorithm);
        try (NettyServer server = NettyServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThat(client.get(HOST, tap.port(), "/report").status()).isEqualTo(200);
            assertThat(server.compressionsUsed()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void goesWithAClientCertificate(Browser browser) throws Exception {
        NettyServer.Settings settings = NettyServer.Settings.of(TestPki.server(KeyKind.ECDSA), "TLSv1.3")
                .withCompressions(CertificateCompression.BROTLI)
                .withClientCertificate();
        try (NettyServer server = NettyServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client(TestPki.client(KeyKind.ECDSA))) {
            assertThat(client.get(HOST, tap.port(), "/report").status()).isEqualTo(200);
            assertThat(server.compressionsUsed()).containsExactly(CertificateCompression.BROTLI);
        }
    }

    /** What no honest server sends. */
    private enum Forgery {
        LENGTH_TOO_SHORT(sent -> with(sent, sent.uncompressedLength() - 1)),
        LENGTH_TOO_LONG(sent -> with(sent, sent.uncompressedLength() + 1)),
        LENGTH_ZERO(sent -> with(sent, 0)),
        LARGEST_LENGTH(sent -> with(sent, 0xFFFFFF)),
        /** 8 MiB of zeros in a few bytes, with the true length. */
        BOMB(sent -> bomb(sent, 8 << 20, 8 << 20)),
        /** The same behind a harmless length. */
        HIDDEN_BOMB(sent -> bomb(sent, 8 << 20, 2000)),
        TRUNCATED(sent -> new CompressedCertificate(
                sent.algorithm(),
                sent.uncompressedLength(),
                Octets.of(start(sent, sent.compressed().length() / 2)))),
        EMPTY(sent -> new CompressedCertificate(sent.algorithm(), sent.uncompressedLength(), Octets.empty())),
        GARBAGE(sent ->
                new CompressedCertificate(sent.algorithm(), sent.uncompressedLength(), Octets.ofHex("ff".repeat(300)))),
        UNKNOWN_ALGORITHM(sent -> new CompressedCertificate(0x4242, sent.uncompressedLength(), sent.compressed()));

        @SuppressWarnings("ImmutableEnumChecker") // the functions hold no state
        private final UnaryOperator<CompressedCertificate> change;

        Forgery(UnaryOperator<CompressedCertificate> change) {
            this.change = change;
        }

        private static CompressedCertificate with(CompressedCertificate sent, int length) {
            return new CompressedCertificate(sent.algorithm(), length, sent.compressed());
        }

        private static CompressedCertificate bomb(CompressedCertificate sent, int size, int claimed) {
            CertificateCompression algorithm = CertificateCompression.of(sent.algorithm());
            return new CompressedCertificate(sent.algorithm(), claimed, Octets.of(algorithm.encode(new byte[size])));
        }

        private static byte[] start(CompressedCertificate sent, int length) {
            return Arrays.copyOf(sent.compressed().toByteArray(), length);
        }
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void refuses(Forgery forgery) {
        for (CertificateCompression algorithm : CertificateCompression.values()) {
            AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                    .compression(algorithm, forgery.change)
                    .build();
            try (AlpsServer server = AlpsServer.start(settings);
                    WireTap tap = WireTap.before(server.address());
                    StockClient client = Browser.FIREFOX.client()) {
                assertThatThrownBy(() -> client.get(HOST, tap.port(), "/bytes/1"))
                        .as("%s with %s", forgery, algorithm)
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining(HOST);
                assertThat(server.connections()).hasSize(1);
            }
        }
    }

    /** A valid frame whose header makes the decoder set 128 MiB aside (RFC 8878 section 3.1.1.1.2 advises 8 MiB). */
    @Test
    void refusesAZstdFrameThatDemandsAHugeWindow() {
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .compression(CertificateCompression.ZSTD, CertificateCompressionTest::withHugeWindow)
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = Browser.FIREFOX.client()) {
            assertThatThrownBy(() -> client.get(HOST, tap.port(), "/bytes/1"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining(HOST);
        }
    }

    private static CompressedCertificate withHugeWindow(CompressedCertificate sent) {
        int length = sent.uncompressedLength();
        byte[] plain = Zstd.decompress(sent.compressed().toByteArray(), length);
        int lastRawBlock = (length << 3) | 1;
        byte[] frame = ByteBuffer.allocate(9 + length)
                .put(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD})
                .put((byte) 0)
                .put((byte) ((27 - 10) << 3))
                .put((byte) lastRawBlock)
                .put((byte) (lastRawBlock >>> 8))
                .put((byte) (lastRawBlock >>> 16))
                .put(plain)
                .array();
        return new CompressedCertificate(sent.algorithm(), length, Octets.of(frame));
    }

    /** Chrome never offers these, so a server that uses them anyway is refused, though the library could read them. */
    @ParameterizedTest
    @EnumSource(names = {"ZLIB", "ZSTD"})
    void refusesAnAlgorithmThatWasNotOffered(CertificateCompression algorithm) {
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.ECDSA))
                .compression(
                        CertificateCompression.BROTLI,
                        sent -> new CompressedCertificate(
                                algorithm.codePoint(), sent.uncompressedLength(), sent.compressed()))
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = Browser.CHROME.client()) {
            assertThatThrownBy(() -> client.get(HOST, tap.port(), "/bytes/1"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining(HOST)
                    .hasMessageContaining(Integer.toString(algorithm.codePoint()));
        }
    }

    @ParameterizedTest
    @CsvSource({"CHROME, BROTLI", "FIREFOX, BROTLI", "FIREFOX, ZLIB", "FIREFOX, ZSTD"})
    void bctlsCompresses(Browser browser, CertificateCompression algorithm) throws Exception {
        List<CompressedCertificate> sent = new CopyOnWriteArrayList<>();
        AlpsSettings settings = AlpsSettings.of(TestPki.server(KeyKind.RSA))
                .compression(algorithm, message -> {
                    sent.add(message);
                    return message;
                })
                .build();
        try (AlpsServer server = AlpsServer.start(settings);
                WireTap tap = WireTap.before(server.address());
                StockClient client = browser.client()) {
            assertThat(client.get(HOST, tap.port(), "/bytes/1").status()).isEqualTo(200);
            assertThat(sent).hasSize(1);
        }
    }
}
