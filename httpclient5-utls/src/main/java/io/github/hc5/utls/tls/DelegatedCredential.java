package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ExtensionSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.Tls13Verifier;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * A delegated credential (RFC 9345): a short-lived key that the certificate's holder has signed, with which the server
 * signs the handshake in place of the certificate's key. Checked as section 4.1.3 asks.
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier that is never compared
record DelegatedCredential(
        Duration validTime,
        int verifyScheme,
        byte[] publicKey,
        int signatureScheme,
        byte[] signature,
        int signedLength) {

    private static final ASN1ObjectIdentifier DELEGATION_USAGE = new ASN1ObjectIdentifier("1.3.6.1.4.1.44363.44");
    private static final Duration MAX_VALIDITY = Duration.ofDays(7);
    private static final String CONTEXT = "TLS, server delegated credentials";

    /**
     * Verifies the credential of an end-entity certificate, if the server sent one, and lets the certificate's
     * CertificateVerify be checked with it.
     *
     * @param entry the end-entity's entry of the Certificate message
     * @param offered the schemes of the delegated_credentials extension in our hello
     * @param crypto makes a verifier of the credential's key
     * @param now the current time
     * @return the signature scheme that CertificateVerify must use, or -1 without a credential
     * @throws TlsFatalAlert if the credential is malformed, not allowed, out of date or wrongly signed
     */
    static int accept(CertificateEntry entry, List<Integer> offered, TlsCrypto crypto, Instant now) throws IOException {
        byte @Nullable [] encoded = entry.getExtensions() == null
                ? null
                : (byte[]) entry.getExtensions().get(ExtensionSpec.DELEGATED_CREDENTIALS);
        if (encoded == null || !(entry.getCertificate() instanceof DelegatingCertificate certificate)) {
            return -1;
        }
        DelegatedCredential credential = parse(encoded);
        credential.verify(certificate, offered, encoded, now);
        TlsCertificate key;
        try {
            key = crypto.createCertificate(CertificateType.RawPublicKey, credential.publicKey());
        } catch (RuntimeException e) {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter, "unusable delegated key", e);
        }
        certificate.delegateTo(key);
        return credential.verifyScheme();
    }

    private static DelegatedCredential parse(byte[] encoded) throws TlsFatalAlert {
        WireReader in = new WireReader("delegated credential", encoded);
        Duration validTime = Duration.ofSeconds(in.u32());
        int verifyScheme = in.u16();
        byte[] publicKey = in.take(in.u24());
        int signatureScheme = in.u16();
        int signedLength = in.position();
        byte[] signature = in.take(in.u16());
        in.requireEnd();
        return new DelegatedCredential(validTime, verifyScheme, publicKey, signatureScheme, signature, signedLength);
    }

    private void verify(DelegatingCertificate certificate, List<Integer> offered, byte[] encoded, Instant now)
            throws IOException {
        byte[] der = certificate.getEncoded();
        X509Certificate x509 = parseX509(der);
        Instant expiry = x509.getNotBefore().toInstant().plus(validTime);
        if (now.isAfter(expiry)) {
            throw refuse("delegated credential expired at " + expiry);
        }
        if (Duration.between(now, expiry).compareTo(MAX_VALIDITY) > 0) {
            throw refuse("delegated credential is valid for more than 7 days, until " + expiry);
        }
        if (!offered.contains(verifyScheme)) {
            throw refuse("delegated credential uses a signature scheme that was not offered: 0x"
                    + Integer.toHexString(verifyScheme));
        }
        boolean @Nullable [] usage = x509.getKeyUsage();
        if (certificate.getExtension(DELEGATION_USAGE) == null || usage == null || !usage[0]) {
            throw refuse("the certificate does not allow delegation");
        }
        Tls13Verifier verifier = certificate.ownVerifier(signatureScheme);
        OutputStream signed = verifier.getOutputStream();
        byte[] spaces = new byte[64];
        Arrays.fill(spaces, (byte) ' ');
        signed.write(spaces);
        signed.write(CONTEXT.getBytes(StandardCharsets.US_ASCII));
        signed.write(0);
        signed.write(der);
        signed.write(encoded, 0, signedLength);
        if (!verifier.verifySignature(signature)) {
            throw refuse("the certificate did not sign the delegated credential");
        }
    }

    private static X509Certificate parseX509(byte[] der) throws TlsFatalAlert {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "malformed certificate", e);
        }
    }

    private static TlsFatalAlert refuse(String why) {
        return new TlsFatalAlert(AlertDescription.illegal_parameter, why);
    }
}
