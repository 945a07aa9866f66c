package io.github.hc5.utls.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.bouncycastle.tls.AbstractTlsKeyExchange;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.KeyExchangeAlgorithm;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsSecret;

/**
 * Sends the client's EncryptedExtensions message of ALPS (draft-vvv-tls-alps section 4) through the one hook that BC has
 * for a client message of our making: the key exchange, which TLS 1.3 does not use. BC hands it the message's buffer with
 * a ClientKeyExchange header in it; that is thrown away, and BC patches the length of whatever stands there.
 *
 * <p>The settings are empty, as Chromium's are for h2.
 */
final class ApplicationSettingsExchange extends AbstractTlsKeyExchange {

    private static final int ENCRYPTED_EXTENSIONS = 8;

    private final int extensionType;

    /** @param extensionType the ALPS code point that the server accepted */
    ApplicationSettingsExchange(int extensionType) {
        super(KeyExchangeAlgorithm.NULL);
        this.extensionType = extensionType;
    }

    @Override
    public void generateClientKeyExchange(OutputStream output) throws IOException {
        if (!(output instanceof ByteArrayOutputStream message)) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "the message's buffer cannot be reset");
        }
        message.reset();
        WireWriter body = new WireWriter(16);
        body.u8(ENCRYPTED_EXTENSIONS);
        int length = body.open(3);
        int extensions = body.open(2);
        body.u16(extensionType).u16(0);
        body.close(extensions, 2);
        body.close(length, 3);
        message.write(body.toByteArray());
    }

    @Override
    public void skipServerCredentials() throws IOException {
        throw unused();
    }

    @Override
    public void processServerCredentials(TlsCredentials serverCredentials) throws IOException {
        throw unused();
    }

    @Override
    public void processClientCredentials(TlsCredentials clientCredentials) throws IOException {
        throw unused();
    }

    @Override
    public TlsSecret generatePreMasterSecret() throws IOException {
        throw unused();
    }

    private static TlsFatalAlert unused() {
        return new TlsFatalAlert(AlertDescription.internal_error, "TLS 1.3 has no key exchange message");
    }
}
