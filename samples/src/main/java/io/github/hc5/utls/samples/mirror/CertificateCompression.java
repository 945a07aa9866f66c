package io.github.hc5.utls.samples.mirror;

/** The certificate compression algorithms of RFC 8879, section 7.3. */
public enum CertificateCompression {
    ZLIB(1),
    BROTLI(2),
    ZSTD(3);

    private final int codePoint;

    CertificateCompression(int codePoint) {
        this.codePoint = codePoint;
    }

    /** Returns the 16-bit code point that stands for the algorithm in {@code compress_certificate}. */
    public int codePoint() {
        return codePoint;
    }
}
