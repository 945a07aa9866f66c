package io.github.hc5.utls.samples.cli;

import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection manager that does what another one does, and notes in the context of each request how long that request
 * waited for a connection of its own. A context without a note belongs to a request on a reused connection.
 */
final class ConnectTimer implements AsyncClientConnectionManager {

    private static final String NOTE = ConnectTimer.class.getName();

    private final AsyncClientConnectionManager delegate;

    ConnectTimer(AsyncClientConnectionManager delegate) {
        this.delegate = delegate;
    }

    /**
     * How a request's own connection was made.
     *
     * @param elapsedNanos from the start of dialling to the end of the TLS handshake
     */
    record Connect(long elapsedNanos) {}

    /** Returns how the request of this context got its connection, or null if it was there before. */
    static @Nullable Connect connectOf(HttpContext context) {
        return (Connect) context.getAttribute(NOTE);
    }

    @Override
    public Future<AsyncConnectionEndpoint> connect(
            AsyncConnectionEndpoint endpoint,
            ConnectionInitiator connectionInitiator,
            Timeout connectTimeout,
            Object attachment,
            HttpContext context,
            FutureCallback<AsyncConnectionEndpoint> callback) {
        long startNanos = System.nanoTime();
        FutureCallback<AsyncConnectionEndpoint> noting = new CallbackContribution<>(callback) {
            @Override
            public void completed(AsyncConnectionEndpoint connected) {
                context.setAttribute(NOTE, new Connect(System.nanoTime() - startNanos));
                callback.completed(connected);
            }
        };
        return delegate.connect(endpoint, connectionInitiator, connectTimeout, attachment, context, noting);
    }

    @Override
    public Future<AsyncConnectionEndpoint> lease(
            String id,
            HttpRoute route,
            Object state,
            Timeout requestTimeout,
            FutureCallback<AsyncConnectionEndpoint> callback) {
        return delegate.lease(id, route, state, requestTimeout, callback);
    }

    @Override
    public void release(AsyncConnectionEndpoint endpoint, Object newState, TimeValue validDuration) {
        delegate.release(endpoint, newState, validDuration);
    }

    @Override
    public void upgrade(AsyncConnectionEndpoint endpoint, Object attachment, HttpContext context) {
        delegate.upgrade(endpoint, attachment, context);
    }

    @Override
    public void upgrade(
            AsyncConnectionEndpoint endpoint,
            Object attachment,
            HttpContext context,
            FutureCallback<AsyncConnectionEndpoint> callback) {
        delegate.upgrade(endpoint, attachment, context, callback);
    }

    @Override
    public void close(CloseMode closeMode) {
        delegate.close(closeMode);
    }

    @Override
    public void close() throws java.io.IOException {
        delegate.close();
    }
}
