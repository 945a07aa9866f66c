package io.github.hc5.utls.resilience;

import org.apache.hc.client5.http.EndpointInfo;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.AsyncPushConsumer;
import org.apache.hc.core5.http.nio.HandlerFactory;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** An endpoint that knows whose it is. */
final class DelegatedEndpoint extends AsyncConnectionEndpoint {

    final AsyncClientConnectionManager manager;
    final AsyncConnectionEndpoint endpoint;
    final HttpRoute route;

    DelegatedEndpoint(AsyncClientConnectionManager manager, AsyncConnectionEndpoint endpoint, HttpRoute route) {
        this.manager = manager;
        this.endpoint = endpoint;
        this.route = route;
    }

    /** @throws IllegalStateException if the endpoint is none of a manager that delegates */
    static DelegatedEndpoint cast(AsyncConnectionEndpoint endpoint) {
        if (endpoint instanceof DelegatedEndpoint own) {
            return own;
        }
        throw new IllegalStateException("Not an endpoint of this connection manager: " + endpoint);
    }

    /** Tells the callback of this endpoint, where the manager tells of its own. */
    @Nullable
    FutureCallback<AsyncConnectionEndpoint> answering(@Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        if (callback == null) {
            return null;
        }
        return new FutureCallback<>() {
            @Override
            public void completed(AsyncConnectionEndpoint ignored) {
                callback.completed(DelegatedEndpoint.this);
            }

            @Override
            public void failed(Exception cause) {
                callback.failed(cause);
            }

            @Override
            public void cancelled() {
                callback.cancelled();
            }
        };
    }

    @Override
    public void execute(
            String id,
            AsyncClientExchangeHandler handler,
            @Nullable HandlerFactory<AsyncPushConsumer> pushes,
            HttpContext context) {
        endpoint.execute(id, handler, pushes, context);
    }

    @Override
    public boolean isConnected() {
        return endpoint.isConnected();
    }

    @Override
    public void setSocketTimeout(@Nullable Timeout timeout) {
        endpoint.setSocketTimeout(timeout);
    }

    @Override
    public void close(CloseMode mode) {
        endpoint.close(mode);
    }

    @Override
    public @Nullable EndpointInfo getInfo() {
        return endpoint.getInfo();
    }
}
