package io.github.hc5.utls.tls;

import java.security.SecureRandom;
import java.util.Objects;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.digests.SHA3Digest;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.generators.MLKEMKeyPairGenerator;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.params.MLKEMKeyGenerationParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of Kyber-768 of round 3, which X25519Kyber768Draft00 has in its second half
 * (draft-tls-westerbaan-xyber768d00) and which Chromium offered from 124 to 130.
 *
 * <p>ML-KEM (FIPS 203) is the same scheme but for the last step: what decapsulation returns there is the K̄ of round 3,
 * whose shared secret is {@code SHAKE256(K̄ || SHA3-256(ciphertext))}. Keys and ciphertexts have the same form. A
 * ciphertext that is not well made gives another secret in either, so that the handshake fails. For use by one thread at a
 * time.
 */
final class KyberDraftAgreement implements TlsAgreement {

    /** The length of the server's ciphertext in bytes. */
    static final int CIPHERTEXT = 1088;

    private static final int SECRET = 32;

    private final TlsCrypto crypto;
    private final SecureRandom random;
    private @Nullable MLKEMPrivateKeyParameters privateKey;
    private byte[] ciphertext = new byte[0];

    KyberDraftAgreement(TlsCrypto crypto, SecureRandom random) {
        this.crypto = crypto;
        this.random = random;
    }

    @Override
    public byte[] generateEphemeral() {
        MLKEMKeyPairGenerator generator = new MLKEMKeyPairGenerator();
        generator.init(new MLKEMKeyGenerationParameters(random, MLKEMParameters.ml_kem_768));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        privateKey = (MLKEMPrivateKeyParameters) pair.getPrivate();
        return ((MLKEMPublicKeyParameters) pair.getPublic()).getEncoded();
    }

    @Override
    public void receivePeerValue(byte[] peerValue) throws TlsFatalAlert {
        if (peerValue.length != CIPHERTEXT) {
            throw new TlsFatalAlert(
                    AlertDescription.illegal_parameter, "Kyber-768 ciphertext of " + peerValue.length + " bytes");
        }
        ciphertext = peerValue.clone();
    }

    @Override
    public TlsSecret calculateSecret() {
        byte[] decapsulated = new MLKEMExtractor(Objects.requireNonNull(privateKey)).extractSecret(ciphertext);
        privateKey = null;
        return crypto.createSecret(roundThreeSecret(decapsulated, ciphertext));
    }

    /** Returns the secret of round 3 from what ML-KEM shares by the same ciphertext. */
    static byte[] roundThreeSecret(byte[] shared, byte[] ciphertext) {
        SHA3Digest sha3 = new SHA3Digest(256);
        sha3.update(ciphertext, 0, ciphertext.length);
        byte[] hash = new byte[sha3.getDigestSize()];
        sha3.doFinal(hash, 0);
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(shared, 0, shared.length);
        shake.update(hash, 0, hash.length);
        byte[] secret = new byte[SECRET];
        shake.doFinal(secret, 0, SECRET);
        return secret;
    }
}
