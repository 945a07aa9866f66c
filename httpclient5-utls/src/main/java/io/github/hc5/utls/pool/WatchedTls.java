package io.github.hc5.utls.pool;

import javax.net.ssl.SSLContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLSessionInitializer;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A session on which TLS is started, whoever's TLS it is, that shows its engine to the connection. HttpCore tells nobody
 * whether the end of input was announced by the peer or is that of a connection that was cut: only the engine knows.
 */
record WatchedTls(TransportSecurityLayer session, HotConnection connection) implements TransportSecurityLayer {

    @Override
    public void startTls(
            SSLContext context,
            NamedEndpoint endpoint,
            SSLBufferMode bufferMode,
            @Nullable SSLSessionInitializer initializer,
            @Nullable SSLSessionVerifier verifier,
            @Nullable Timeout handshakeTimeout,
            @Nullable FutureCallback<TransportSecurityLayer> callback) {
        SSLSessionInitializer watching = (target, engine) -> {
            connection.secured(engine);
            if (initializer != null) {
                initializer.initialize(target, engine);
            }
        };
        session.startTls(context, endpoint, bufferMode, watching, verifier, handshakeTimeout, callback);
    }

    @Override
    public void startTls(
            SSLContext context,
            NamedEndpoint endpoint,
            SSLBufferMode bufferMode,
            @Nullable SSLSessionInitializer initializer,
            @Nullable SSLSessionVerifier verifier,
            @Nullable Timeout handshakeTimeout) {
        startTls(context, endpoint, bufferMode, initializer, verifier, handshakeTimeout, null);
    }

    @Override
    public TlsDetails getTlsDetails() {
        return session.getTlsDetails();
    }
}
