package io.github.hc5.utls.it.hostile;

import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.jspecify.annotations.Nullable;

/** One implementation of the TLS client: where the contracts get their engines from. */
interface EngineUnderTest {

    /** Returns a context that trusts what the manager trusts and, if a key manager is given, can show a certificate. */
    SSLContext context(X509TrustManager trust, @Nullable X509KeyManager keys);

    /** Returns the strategy by which the stock HttpClient uses the same engine. */
    TlsStrategy tlsStrategy(X509TrustManager trust);

    /** Returns every engine that the contracts run against. */
    static Stream<EngineUnderTest> all() {
        return Stream.of(new JsseUnderTest(), new UtlsUnderTest("chrome-156"), new UtlsUnderTest("firefox-153"));
    }

    /** Tells whether the engine promises to name the peer in its exceptions. */
    boolean namesPeer();

    /** Tells whether FINISHED comes once; the JDK's engine says it again for each TLS 1.3 session ticket. */
    boolean finishesOnce();

    /** Tells whether input may be read-only; the JDK's engine decrypts in place and fails on it. */
    boolean readsReadOnlySources();

    /** Tells whether this engine is known to deal badly with the misdeed, so that nothing is learnt from trying. */
    boolean isKnownToFail(String misdeed);

    /** Returns an engine for {@link TestAuthority#HOST} that verifies certificate and host name, not yet handshaking. */
    default SSLEngine engine() {
        return engine(TestAuthority.HOST, 443);
    }

    default SSLEngine engine(String host, int port) {
        return engine(context(TestAuthority.TRUSTED.trustManager(), null), host, port);
    }

    static SSLEngine engine(SSLContext context, String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }
}
