package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.junit.jupiter.api.Test;

class CertificateDecompressorTest {

    private static final int ZLIB = 1;
    private static final int BROTLI = 2;
    private static final int ZSTD = 3;
    private static final List<Integer> ALL = List.of(ZLIB, BROTLI, ZSTD);

    private static final byte[] CERTIFICATE = new byte[3000];

    static {
        new Random(1).nextBytes(CERTIFICATE);
    }

    @Test
    void expandsZlib() throws Exception {
        assertThat(decompress(ZLIB, CERTIFICATE.length, deflate(CERTIFICATE))).isEqualTo(CERTIFICATE);
    }

    @Test
    void expandsZstd() throws Exception {
        assertThat(decompress(ZSTD, CERTIFICATE.length, Zstd.compress(CERTIFICATE)))
                .isEqualTo(CERTIFICATE);
    }

    @Test
    void expandsBrotli() throws Exception {
        assertThat(decompress(BROTLI, CERTIFICATE.length, storedBrotli(CERTIFICATE)))
                .isEqualTo(CERTIFICATE);
    }

    @Test
    void refusesAnAlgorithmThatWasNotOffered() {
        assertThatThrownBy(() -> CertificateDecompressor.decompress(
                        message(ZSTD, CERTIFICATE.length, Zstd.compress(CERTIFICATE)), List.of(BROTLI)))
                .isInstanceOfSatisfying(
                        TlsFatalAlert.class,
                        alert -> assertThat(alert.getAlertDescription()).isEqualTo(AlertDescription.illegal_parameter))
                .hasMessageContaining("3 was not offered, only [2]");
    }

    @Test
    void refusesALengthThatIsNotMetExactly() throws Exception {
        byte[] deflated = deflate(CERTIFICATE);
        assertBadCertificate(ZLIB, CERTIFICATE.length - 1, deflated, "stated 2999 bytes");
        assertBadCertificate(ZLIB, CERTIFICATE.length + 1, deflated, "stated 3001 bytes");
    }

    @Test
    void refusesABombBeforeExpandingIt() throws Exception {
        byte[] bomb = Zstd.compress(new byte[1 << 23]);
        assertBadCertificate(ZSTD, 1 << 23, bomb, "at most " + CertificateDecompressor.MAX_LENGTH);
        assertBadCertificate(ZSTD, 5000, bomb, "stated 5000 bytes");
    }

    @Test
    void refusesGarbageAndCutMessages() {
        for (int algorithm : ALL) {
            assertBadCertificate(algorithm, 100, new byte[] {1, 2, 3, 4, 5}, "compressed certificate");
        }
        byte[] whole = message(ZLIB, 100, new byte[50]);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> CertificateDecompressor.decompress(cut, ALL))
                    .isInstanceOf(TlsFatalAlert.class)
                    .hasMessageContaining("cut short");
        }
    }

    private static void assertBadCertificate(int algorithm, int length, byte[] compressed, String message) {
        assertThatThrownBy(() -> decompress(algorithm, length, compressed))
                .isInstanceOfSatisfying(
                        TlsFatalAlert.class,
                        alert -> assertThat(alert.getAlertDescription()).isEqualTo(AlertDescription.bad_certificate))
                .hasMessageContaining(message);
    }

    private static byte[] decompress(int algorithm, int length, byte[] compressed) throws IOException {
        return CertificateDecompressor.decompress(message(algorithm, length, compressed), ALL);
    }

    private static byte[] message(int algorithm, int length, byte[] compressed) {
        WireWriter out = new WireWriter(compressed.length + 8);
        out.u16(algorithm).u8(length >>> 16).u16(length);
        out.u8(compressed.length >>> 16).u16(compressed.length).raw(compressed);
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        }
        return out.toByteArray();
    }

    /** A brotli stream (RFC 7932 section 9.2) of one uncompressed meta-block of at most 65536 bytes, and an empty last. */
    private static byte[] storedBrotli(byte[] bytes) {
        // WBITS=16 (bit 0), ISLAST=0, MNIBBLES=4 (00), MLEN-1 in 16 bits, ISUNCOMPRESSED=1: bits from the lowest up.
        int header = (bytes.length - 1) << 4 | 1 << 20;
        WireWriter out = new WireWriter(bytes.length + 8);
        out.u8(header).u8(header >>> 8).u8(header >>> 16).raw(bytes);
        return out.u8(3).toByteArray();
    }
}
