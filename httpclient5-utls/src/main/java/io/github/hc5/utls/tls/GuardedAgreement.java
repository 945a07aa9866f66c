package io.github.hc5.utls.tls;

import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsSecret;

/**
 * Turns what BC's agreements throw on a malformed share of the peer into the alert {@code illegal_parameter}: some of
 * them use unchecked exceptions, which would go out as {@code internal_error}.
 */
record GuardedAgreement(TlsAgreement agreement) implements TlsAgreement {

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
            return agreement.calculateSecret();
        } catch (RuntimeException e) {
            throw malformed(e);
        }
    }

    private static TlsFatalAlert malformed(RuntimeException cause) {
        return new TlsFatalAlert(AlertDescription.illegal_parameter, "malformed key share", cause);
    }
}
