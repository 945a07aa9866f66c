package io.github.hc5.utls.samples.mirror;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.util.Native;
import io.netty.handler.ssl.OpenSslCertificateCompressionAlgorithm;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig.AlgorithmMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Certificate compression (RFC 8879) for BoringSSL, the compressing half alone: no client sends the mirror one. */
final class CertificateCompressors {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateCompressors.class);

    private CertificateCompressors() {}

    @FunctionalInterface
    private interface Compressor {
        byte[] compress(byte[] certificate) throws IOException;
    }

    /** Returns the configuration, or nothing where no algorithm is asked for or its native library does not load. */
    static Optional<OpenSslCertificateCompressionConfig> configure(List<CertificateCompression> algorithms) {
        OpenSslCertificateCompressionConfig.Builder builder = OpenSslCertificateCompressionConfig.newBuilder();
        boolean any = false;
        for (CertificateCompression algorithm : algorithms) {
            if (isAvailable(algorithm)) {
                builder.addAlgorithm(
                        new Algorithm(algorithm.codePoint(), compressor(algorithm)), AlgorithmMode.Compress);
                any = true;
            } else {
                LOG.warn("{} has no native library for this platform: certificates are sent without it", algorithm);
            }
        }
        return any ? Optional.of(builder.build()) : Optional.empty();
    }

    /** Returns whether the algorithm's encoder works on this platform. */
    static boolean isAvailable(CertificateCompression algorithm) {
        return switch (algorithm) {
            case ZLIB -> true;
            case BROTLI -> Brotli4jLoader.isAvailable();
            case ZSTD -> zstdLoads();
        };
    }

    private static boolean zstdLoads() {
        try {
            Native.load();
            return Native.isLoaded();
        } catch (LinkageError e) {
            return false;
        }
    }

    private static Compressor compressor(CertificateCompression algorithm) {
        return switch (algorithm) {
            case ZLIB -> CertificateCompressors::deflate;
            case BROTLI -> Encoder::compress;
            case ZSTD -> Zstd::compress;
        };
    }

    private static byte[] deflate(byte[] certificate) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(certificate);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(certificate.length);
            byte[] chunk = new byte[1024];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private record Algorithm(int algorithmId, Compressor compressor) implements OpenSslCertificateCompressionAlgorithm {

        @Override
        public byte[] compress(SSLEngine engine, byte[] uncompressedCertificate) throws IOException {
            return compressor.compress(uncompressedCertificate);
        }

        @Override
        public byte[] decompress(SSLEngine engine, int uncompressedLen, byte[] compressedCertificate) {
            throw new UnsupportedOperationException("a client's certificate is never asked for");
        }
    }
}
