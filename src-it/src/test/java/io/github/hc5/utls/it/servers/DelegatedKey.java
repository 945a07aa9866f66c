package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * A delegated credential (RFC 9345): a short-lived ECDSA P-256 key that a certificate's holder signed for the handshake.
 *
 * @param keys the delegated key pair
 * @param credential the DelegatedCredential structure, the body of the certificate's extension
 */
public record DelegatedKey(KeyPair keys, Octets credential) {

    private static final int ECDSA_SECP256R1_SHA256 = 0x0403;
    private static final int LARGEST = 1024;

    /**
     * Makes a credential that is valid for the given time from now.
     *
     * @param holder the certificate that it is issued under
     * @param signer whose key signs it: the holder's own, or another's for a forgery
     */
    public static DelegatedKey issue(Identity holder, Identity signer, Duration validity) {
        KeyPair keys = CertificateAuthority.generate(KeyKind.ECDSA);
        Instant notBefore = holder.leaf().getNotBefore().toInstant();
        long validTime =
                Duration.between(notBefore, Instant.now().plus(validity)).toSeconds();
        byte[] publicKey = keys.getPublic().getEncoded();
        byte[] credential = ByteBuffer.allocate(4 + 2 + 3 + publicKey.length)
                .putInt((int) validTime)
                .putShort((short) ECDSA_SECP256R1_SHA256)
                .put((byte) 0)
                .putShort((short) publicKey.length)
                .put(publicKey)
                .array();
        byte[] signature = sign(signer, holder.leaf(), credential);
        ByteBuffer out = ByteBuffer.allocate(LARGEST)
                .put(credential)
                .putShort((short) ECDSA_SECP256R1_SHA256)
                .putShort((short) signature.length)
                .put(signature);
        byte[] body = new byte[out.position()];
        out.flip().get(body);
        return new DelegatedKey(keys, Octets.of(body));
    }

    /** Signs as section 4 lays out: padding, context, separator, certificate, credential, algorithm. */
    private static byte[] sign(Identity signer, X509Certificate holder, byte[] credential) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer.privateKey());
            signature.update(" ".repeat(64).getBytes(StandardCharsets.US_ASCII));
            signature.update("TLS, server delegated credentials\0".getBytes(StandardCharsets.US_ASCII));
            signature.update(holder.getEncoded());
            signature.update(credential);
            signature.update(new byte[] {ECDSA_SECP256R1_SHA256 >>> 8, ECDSA_SECP256R1_SHA256 & 0xFF});
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a delegated credential", e);
        }
    }
}
