package io.github.hc5.utls.tls;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.InflaterInputStream;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.brotli.dec.BrotliInputStream;

/**
 * Unpacks a CompressedCertificate message (RFC 8879). The stated length bounds the output before a byte is produced, so
 * that a bomb costs no memory, and must be met exactly.
 */
final class CertificateDecompressor {

    /** As BoringSSL bounds a certificate chain. */
    static final int MAX_LENGTH = 1 << 17;

    /** 8 MiB, RFC 8878's advice: a few bytes of frame header make the decoder set aside as much as they state. */
    private static final int MAX_ZSTD_WINDOW_LOG = 23;

    private static final int ZLIB = 1;
    private static final int BROTLI = 2;
    private static final int ZSTD = 3;

    private CertificateDecompressor() {}

    /**
     * Returns the body of the Certificate message.
     *
     * @param message the body of the CompressedCertificate message
     * @param offered the algorithms that our hello offered
     * @throws TlsFatalAlert {@code illegal_parameter} for an algorithm that was not offered, {@code bad_certificate} where
     *     the data does not expand to exactly the stated length, or states a length over {@value #MAX_LENGTH}
     */
    static byte[] decompress(byte[] message, List<Integer> offered) throws TlsFatalAlert {
        WireReader in = new WireReader("compressed certificate", message);
        int algorithm = in.u16();
        int length = in.u24();
        byte[] compressed = in.take(in.u24());
        in.requireEnd();
        if (!offered.contains(algorithm)) {
            throw new TlsFatalAlert(
                    AlertDescription.illegal_parameter,
                    "certificate compression algorithm " + algorithm + " was not offered, only " + offered);
        }
        if (length > MAX_LENGTH) {
            throw new TlsFatalAlert(
                    AlertDescription.bad_certificate,
                    "compressed certificate of " + length + " bytes, at most " + MAX_LENGTH + " are allowed");
        }
        try (InputStream expanded = open(algorithm, new ByteArrayInputStream(compressed))) {
            byte[] certificate = expanded.readNBytes(length);
            if (certificate.length < length || expanded.read() >= 0) {
                throw new TlsFatalAlert(
                        AlertDescription.bad_certificate,
                        "compressed certificate does not expand to the stated " + length + " bytes");
            }
            return certificate;
        } catch (TlsFatalAlert e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "malformed compressed certificate", e);
        }
    }

    private static InputStream open(int algorithm, InputStream compressed) throws IOException {
        return switch (algorithm) {
            case ZLIB -> new InflaterInputStream(compressed);
            case BROTLI -> new BrotliInputStream(compressed);
            case ZSTD -> new ZstdInputStreamNoFinalizer(compressed).setLongMax(MAX_ZSTD_WINDOW_LOG);
            default ->
                throw new TlsFatalAlert(
                        AlertDescription.illegal_parameter, "unknown certificate compression algorithm " + algorithm);
        };
    }
}
