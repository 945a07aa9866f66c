package io.github.hc5.utls.tls;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSecret;

/**
 * X25519 (RFC 7748) whose key pair may stand in two shares of one hello, as Firefox does it with its hybrid and its plain
 * share: BC's own agreement draws a new key whenever its public part is asked for. For use by one thread at a time.
 */
final class X25519Agreement implements TlsAgreement {

    private final TlsCrypto crypto;
    private final byte[] privateKey = new byte[X25519.SCALAR_SIZE];
    private final byte[] publicKey = new byte[X25519.POINT_SIZE];
    private byte[] peerKey = new byte[0];

    X25519Agreement(TlsCrypto crypto, SecureRandom random) {
        this.crypto = crypto;
        X25519.generatePrivateKey(random, privateKey);
        X25519.generatePublicKey(privateKey, 0, publicKey, 0);
    }

    /** Returns the one public key of this agreement, however often it is asked for. */
    @Override
    public byte[] generateEphemeral() {
        return publicKey.clone();
    }

    @Override
    public void receivePeerValue(byte[] peerValue) throws TlsFatalAlert {
        if (peerValue.length != X25519.POINT_SIZE) {
            throw new TlsFatalAlert(
                    AlertDescription.illegal_parameter, "X25519 share of " + peerValue.length + " bytes");
        }
        peerKey = peerValue.clone();
    }

    @Override
    public TlsSecret calculateSecret() throws TlsFatalAlert {
        byte[] secret = new byte[X25519.POINT_SIZE];
        try {
            if (!X25519.calculateAgreement(privateKey, 0, peerKey, 0, secret, 0)) {
                // RFC 8446 section 7.4.2: an all-zero result must abort the handshake.
                throw new TlsFatalAlert(AlertDescription.illegal_parameter, "X25519 share of low order");
            }
            return crypto.createSecret(secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(privateKey, (byte) 0);
        }
    }
}
