package io.github.hc5.utls.it.hostile;

import java.security.GeneralSecurityException;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.jspecify.annotations.Nullable;

/** The JDK's engine: the reference that shows that a contract can be met, and that its test can tell. */
final class JsseUnderTest implements EngineUnderTest {

    /** Found with JDK 17 and 25: it waits, takes what it must not, refuses what it should bear, or stays half open. */
    private static final Set<String> KNOWN_TO_FAIL = Set.of(
            // Waits for a record that may not exist.
            "first answer: the header of a record of 2^14 + 257 bytes",
            "TLS 1.3: ciphertext one byte too long",
            "a drip",
            // Takes it.
            "first answer: a handshake record of no bytes",
            "TLS 1.2: a handshake record of no bytes",
            "TLS 1.3: content one byte too long",
            "TLS 1.2: content one byte too long",
            "TLS 1.3: CertificateVerify too long",
            "TLS 1.3: request context in the server's Certificate",
            "TLS 1.3: an extension in the Certificate that was not offered",
            "TLS 1.3: EncryptedExtensions too long",
            "TLS 1.3: an extension that was not offered",
            "TLS 1.3: a key share among the encrypted extensions",
            "TLS 1.3: an extension twice",
            "TLS 1.3: no EncryptedExtensions",
            "TLS 1.3: ServerHello with another session id",
            "TLS 1.3: ServerHello too long",
            "TLS 1.3: an extension not offered",
            "TLS 1.3: a key share too long",
            "TLS 1.3: a key share cut short",
            "TLS 1.2: an extension not offered",
            "TLS 1.2: ServerKeyExchange too long",
            "TLS 1.2: Certificate too long",
            "for a wildcard in the second label",
            "truncated close-delimited",
            "truncated headers",
            "user_canceled as first answer",
            "TLS 1.3: a warning when connected",
            // Refuses what it should bear.
            "TLS 1.3: a few empty records",
            "TLS 1.3: change_cipher_spec before ServerHello",
            "TLS 1.3: change_cipher_spec after ServerHello",
            "TLS 1.3: change_cipher_spec in the encrypted flight",
            "TLS 1.2: warning unrecognized_name",
            // Throws, but does not close.
            "TLS 1.3: a key share of zeros",
            "TLS 1.3: a key share for a group that was offered without a share",
            "TLS 1.3: a certificate of no bytes",
            "TLS 1.3: Certificate cut short",
            "TLS 1.3: Certificate too long",
            "TLS 1.3: CertificateVerify cut short",
            "TLS 1.2: ServerKeyExchange cut short",
            "TLS 1.2: ServerKeyExchange of no bytes",
            // Speaks of a version null.
            "TLS 1.3: version 0x0305 in supported_versions",
            "TLS 1.3: a GREASE version",
            // Speaks of an internal error of its own, in JDK 25.
            "TLS 1.3: no key share",
            "TLS 1.2: no ServerKeyExchange",
            // NullPointerException.
            "TLS 1.2: no Certificate");

    @Override
    public SSLContext context(X509TrustManager trust, @Nullable X509KeyManager keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys == null ? null : new KeyManager[] {keys}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public TlsStrategy tlsStrategy(X509TrustManager trust) {
        return ClientTlsStrategyBuilder.create()
                .setSslContext(context(trust, null))
                .buildAsync();
    }

    @Override
    public boolean namesPeer() {
        return false;
    }

    @Override
    public boolean finishesOnce() {
        return false;
    }

    @Override
    public boolean readsReadOnlySources() {
        return false;
    }

    @Override
    public boolean isKnownToFail(String misdeed) {
        return KNOWN_TO_FAIL.contains(misdeed);
    }

    @Override
    public String toString() {
        return "JSSE";
    }
}
