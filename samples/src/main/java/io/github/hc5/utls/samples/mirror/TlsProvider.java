package io.github.hc5.utls.samples.mirror;

/** The TLS implementation a mirror server runs on. */
public enum TlsProvider {

    /** {@link #BORINGSSL} where its native library loads, else {@link #JDK}. */
    AUTO,

    /**
     * BoringSSL, the TLS library of Chromium, through netty-tcnative: has X25519MLKEM768, certificate compression
     * (RFC 8879) and a choice of groups.
     */
    BORINGSSL,

    /** JSSE, the JDK's own: neither certificate compression nor, below Java 24, X25519MLKEM768. */
    JDK
}
