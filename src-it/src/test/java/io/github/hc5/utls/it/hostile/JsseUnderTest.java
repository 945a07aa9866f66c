package io.github.hc5.utls.it.hostile;

import java.security.GeneralSecurityException;
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
    public String toString() {
        return "JSSE";
    }
}
