package io.github.hc5.utls.it.servers;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;

/** The algorithms of certificate compression (RFC 8879 section 3), from the server's side: real encoders. */
public enum CertificateCompression {
    ZLIB(1) {
        @Override
        byte[] compress(byte[] input) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
                deflater.write(input);
            }
            return out.toByteArray();
        }
    },
    BROTLI(2) {
        @Override
        byte[] compress(byte[] input) throws IOException {
            Brotli4jLoader.ensureAvailability();
            return Encoder.compress(input);
        }
    },
    ZSTD(3) {
        @Override
        byte[] compress(byte[] input) {
            return Zstd.compress(input);
        }
    };

    private final int codePoint;

    CertificateCompression(int codePoint) {
        this.codePoint = codePoint;
    }

    /** Returns the algorithm of a code point. */
    public static CertificateCompression of(int codePoint) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.codePoint == codePoint)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no certificate compression has code " + codePoint));
    }

    /** Returns the 16-bit code point. */
    public int codePoint() {
        return codePoint;
    }

    abstract byte[] compress(byte[] input) throws IOException;

    /** Returns {@code input} compressed. */
    public byte[] encode(byte[] input) {
        try {
            return compress(input);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress with " + this, e);
        }
    }
}
