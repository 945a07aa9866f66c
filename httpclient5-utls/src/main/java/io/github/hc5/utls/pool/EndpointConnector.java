package io.github.hc5.utls.pool;

import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Connects leased endpoints. A lease that was given a slot and no connection dials into it; one whose connection has
 * ended dials a new one into the same slot; one whose shared connection has ended, and with it the slot, takes another
 * lease in its place. Thread-safe.
 */
final class EndpointConnector {

    private final HotConnectionManager manager;
    private final ConnectionOpener opener;
    private final LongSupplier clock;
    private final Function<HttpHost, TlsConfig> tlsConfigs;

    EndpointConnector(
            HotConnectionManager manager,
            ConnectionOpener opener,
            LongSupplier clock,
            Function<HttpHost, TlsConfig> tlsConfigs) {
        this.manager = manager;
        this.opener = opener;
        this.clock = clock;
        this.tlsConfigs = tlsConfigs;
    }

    Future<AsyncConnectionEndpoint> connect(
            HotEndpoint hot,
            @Nullable Timeout connectTimeout,
            @Nullable Object attachment,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        ConnectFuture future = new ConnectFuture(hot, callback);
        if (hot.isConnected()) {
            future.completed(hot);
            return future;
        }
        try {
            connect(hot, connectTimeout, attachment, future);
        } catch (IllegalStateException e) {
            // closed, or given back: the caller, often on a thread of the pool, waits for the future and nothing else
            future.failed(e);
        }
        return future;
    }

    private void connect(
            HotEndpoint hot, @Nullable Timeout connectTimeout, @Nullable Object attachment, ConnectFuture future) {
        HotConnection connection = hot.connection();
        Timeout timeout = connectTimeout != null ? connectTimeout : hot.times.connectTimeout();
        if (connection.shared) {
            leaseAnew(hot, connection, timeout, attachment, future);
        } else if (connection.isUndialled()) {
            dial(hot, connection, timeout, attachment, future);
        } else {
            HotConnection fresh = connection.pool.openings.replace(
                    connection, manager.leasing.wish(hot.leaseId(), connection.userState));
            if (!hot.reattach(connection, fresh)) {
                connection.pool.release(fresh, null, 0, clock.getAsLong());
                future.cancel();
            } else {
                dial(hot, fresh, timeout, attachment, future);
            }
        }
    }

    private void dial(
            HotEndpoint endpoint,
            HotConnection connection,
            Timeout timeout,
            @Nullable Object attachment,
            ConnectFuture future) {
        TlsConfig tlsConfig = tlsConfig(connection.pool.route, attachment);
        opener.open(connection, timeout, tlsConfig, new FutureCallback<>() {
            @Override
            public void completed(HotConnection opened) {
                opened.activate(endpoint.times);
                future.completed(endpoint);
            }

            @Override
            public void failed(Exception cause) {
                future.failed(cause);
            }

            @Override
            public void cancelled() {
                future.cancel();
            }
        });
    }

    /** The shared connection of the endpoint has gone: its place is taken by another lease. */
    private void leaseAnew(
            HotEndpoint endpoint,
            HotConnection gone,
            Timeout timeout,
            @Nullable Object attachment,
            ConnectFuture future) {
        Object state = gone.userState;
        FutureCallback<AsyncConnectionEndpoint> leased = new FutureCallback<>() {
            @Override
            public void completed(AsyncConnectionEndpoint result) {
                HotEndpoint other = (HotEndpoint) result;
                HotConnection fresh = other.detach();
                if (fresh == null) {
                    future.cancel();
                } else if (!endpoint.reattach(gone, fresh)) {
                    fresh.pool.release(fresh, null, 0, clock.getAsLong());
                    future.cancel();
                } else {
                    gone.pool.release(gone, null, 0, clock.getAsLong());
                    if (fresh.session != null) {
                        future.completed(endpoint);
                    } else {
                        dial(endpoint, fresh, timeout, attachment, future);
                    }
                }
            }

            @Override
            public void failed(Exception cause) {
                future.failed(cause);
            }

            @Override
            public void cancelled() {
                future.cancel();
            }
        };
        Future<AsyncConnectionEndpoint> lease =
                manager.lease(endpoint.leaseId(), gone.pool.route, state, timeout, leased);
        if (!lease.isDone()) {
            future.waitsFor(() -> lease.cancel(true));
        }
    }

    /** Starts TLS on the connection of an endpoint: inside a tunnel, or where the server agreed to switch to it. */
    void upgrade(
            HotEndpoint hot, @Nullable Object attachment, @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        HotConnection connection = hot.connection();
        TlsConfig tlsConfig =
                attachment instanceof TlsConfig given ? given : tlsConfig(connection.pool.route.getTargetHost());
        opener.upgrade(
                connection,
                attachment != null ? attachment : tlsConfig,
                tlsConfig,
                new CallbackContribution<HotConnection>(callback) {
                    @Override
                    public void completed(HotConnection upgraded) {
                        if (callback != null) {
                            callback.completed(hot);
                        }
                    }
                });
    }

    /** Returns the TLS config for dialling the route; an attachment of the connect concerns direct routes only. */
    TlsConfig tlsConfig(HttpRoute route, @Nullable Object attachment) {
        return attachment instanceof TlsConfig given && !route.isTunnelled() ? given : tlsConfig(route.getTargetHost());
    }

    private TlsConfig tlsConfig(HttpHost host) {
        TlsConfig config = tlsConfigs.apply(host);
        if (URIScheme.HTTP.same(host.getSchemeName()) && config.getHttpVersionPolicy() == HttpVersionPolicy.NEGOTIATE) {
            // there is nothing to negotiate with on plain HTTP
            config = TlsConfig.copy(config)
                    .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                    .build();
        }
        return config;
    }
}
