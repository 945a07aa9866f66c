package io.github.hc5.utls.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsStreamSigner;

/** Signs for a client certificate with a key of the JDK, which may live in hardware and never show itself. */
record JdkCredentialedSigner(Certificate certificate, PrivateKey key, SignatureScheme scheme)
        implements TlsCredentialedSigner {

    @Override
    public Certificate getCertificate() {
        return certificate;
    }

    @Override
    public SignatureAndHashAlgorithm getSignatureAndHashAlgorithm() {
        return org.bouncycastle.tls.SignatureScheme.getSignatureAndHashAlgorithm(scheme.codePoint());
    }

    @Override
    public byte[] generateRawSignature(byte[] hash) throws IOException {
        throw new TlsFatalAlert(AlertDescription.internal_error, "signatures are made over the stream");
    }

    @Override
    public TlsStreamSigner getStreamSigner() throws IOException {
        Signature signature;
        try {
            signature = scheme.signer(key);
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
        return new TlsStreamSigner() {
            @Override
            public OutputStream getOutputStream() {
                return new SignatureStream(signature);
            }

            @Override
            public byte[] getSignature() throws IOException {
                try {
                    return signature.sign();
                } catch (SignatureException e) {
                    throw unusable(e);
                }
            }
        };
    }

    private TlsFatalAlert unusable(GeneralSecurityException cause) {
        return new TlsFatalAlert(
                AlertDescription.internal_error, "the client certificate's key cannot sign by " + scheme, cause);
    }

    private static final class SignatureStream extends OutputStream {

        private final Signature signature;

        SignatureStream(Signature signature) {
            this.signature = signature;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                signature.update(bytes, offset, length);
            } catch (SignatureException e) {
                throw new IOException(e);
            }
        }
    }
}
