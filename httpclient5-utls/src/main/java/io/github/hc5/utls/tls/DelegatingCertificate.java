package io.github.hc5.utls.tls;

import java.io.IOException;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.tls.crypto.Tls13Verifier;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * A certificate whose holder may have delegated TLS signing to another key (RFC 9345). BC verifies CertificateVerify with
 * the verifier of the end-entity certificate; once a delegated credential has been accepted, that is the credential's.
 */
final class DelegatingCertificate extends BcTlsCertificate {

    private final RecentServers recent;
    private @Nullable TlsCertificate delegate;

    DelegatingCertificate(BcTlsCrypto crypto, byte[] encoding, RecentServers recent) throws IOException {
        super(crypto, encoding);
        this.recent = recent;
    }

    @Override
    protected AsymmetricKeyParameter getPublicKey() throws IOException {
        return recent.key(getSubjectPublicKeyInfo().getEncoded(), super::getPublicKey);
    }

    /** Lets CertificateVerify be checked with the delegated key from now on. */
    void delegateTo(TlsCertificate rawKey) {
        delegate = rawKey;
    }

    /** Returns a verifier for the certificate's own key, whatever has been delegated. */
    Tls13Verifier ownVerifier(int signatureScheme) throws IOException {
        return super.createVerifier(signatureScheme);
    }

    @Override
    public Tls13Verifier createVerifier(int signatureScheme) throws IOException {
        return delegate == null ? super.createVerifier(signatureScheme) : delegate.createVerifier(signatureScheme);
    }
}
