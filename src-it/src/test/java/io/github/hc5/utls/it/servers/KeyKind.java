package io.github.hc5.utls.it.servers;

/** The kind of a certificate's key. */
public enum KeyKind {
    /** ECDSA on secp256r1. */
    ECDSA,
    /** RSA, 2048 bits. */
    RSA
}
