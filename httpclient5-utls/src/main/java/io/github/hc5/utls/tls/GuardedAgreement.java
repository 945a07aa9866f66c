package io.github.hc5.utls.tls;

import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsSecret;

/**
 * Turns what BC's agreements throw on a malformed share of the peer into the alert {@code illegal_parameter}: some of
 * them use unchecked exceptions, which would go out as {@code internal_error}. For use by one thread at a time.
 */
final class GuardedAgreement implements TlsAgreement {

    private final TlsAgreement agreement;
    private boolean agreed;

    GuardedAgreement(TlsAgreement agreement) {
        this.agreement = agreement;
    }

    /** Returns whether the secret was calculated. */
    boolean agreed() {
        return agreed;
    }

    @Override
    public byte[] generateEphemeral() throws IOException {
        return agreement.generateEphemeral();
    }

    @Override
    public void receivePeerValue(byte[] peerValue) throws IOException {
        try {
            agreement.receivePeerValue(peerValue);
        } catch (RuntimeException e) {
            throw malformed(e);
        }
    }

    @Override
    public TlsSecret calculateSecret() throws IOException {
        try {
            TlsSecret secret = agreement.calculateSecret();
            agreed = true;
            return secret;
        } catch (RuntimeException e) {
            throw malformed(e);
        }
    }

    private static TlsFatalAlert malformed(RuntimeException cause) {
        return new TlsFatalAlert(AlertDescription.illegal_parameter, "malformed key share", cause);
    }
}
