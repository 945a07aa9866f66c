package io.github.hc5.utls.pool;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections: finds the first hop's addresses, dials, does TLS, and tells the {@link HostPool} the outcome. A
 * connection through a tunnel is dialled here as far as the proxy; it counts as open only after {@link #upgrade}, which
 * the client's chain calls once it has sent CONNECT. Thread-safe.
 */
final class ConnectionOpener {

    private final Supplier<ConnectionInitiator> reactor;
    private final AddressSource addresses;
    private final PoolTimer timer;
    private final TlsStrategy tlsStrategy;
    private final SchemePortResolver schemePorts;

    ConnectionOpener(
            Supplier<ConnectionInitiator> reactor,
            AddressSource addresses,
            PoolTimer timer,
            TlsStrategy tlsStrategy,
            SchemePortResolver schemePorts) {
        this.reactor = reactor;
        this.addresses = addresses;
        this.timer = timer;
        this.tlsStrategy = tlsStrategy;
        this.schemePorts = schemePorts;
    }

    ConnectionInitiator reactor() {
        return reactor.get();
    }

    AddressSource addresses() {
        return addresses;
    }

    PoolTimer timer() {
        return timer;
    }

    /**
     * Dials a connection in state opening.
     *
     * @param callback told after the pool
     */
    void open(
            HotConnection connection,
            Timeout connectTimeout,
            TlsConfig tlsConfig,
            @Nullable FutureCallback<HotConnection> callback) {
        HostPool pool = connection.pool;
        HttpRoute route = pool.route;
        DialPlan plan = plan(connection, connectTimeout, tlsConfig);
        boolean tlsAhead = plan.tls() != null || (route.isTunnelled() && route.isSecure());
        pool.openings.dialling(connection, sessionPolicy(route, tlsConfig), tlsAhead);
        DialAttempt attempt = new DialAttempt(this, connection, plan, new FutureCallback<>() {
            @Override
            public void completed(ProtocolIOSession session) {
                connection.attach(session);
                if (plan.tls() == null && connection.protocol == null) {
                    // its handler has not begun yet; what it will speak is known all the same
                    boolean http2 = connection.versionPolicy() == HttpVersionPolicy.FORCE_HTTP_2;
                    connection.protocolStarted(
                            http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1, http2 ? ColdStart.ASSUMED_STREAMS : 1);
                }
                connection.dialling(null);
                if (!becomesTunnel(route)) {
                    pool.openings.opened(connection);
                }
                if (callback != null) {
                    callback.completed(connection);
                }
            }

            @Override
            public void failed(Exception cause) {
                connection.dialling(null);
                pool.openings.failed(connection, cause);
                if (callback != null) {
                    callback.failed(cause);
                }
            }

            @Override
            public void cancelled() {
                connection.dialling(null);
                pool.openings.failed(connection, new CancellationException("Connecting was cancelled"));
                if (callback != null) {
                    callback.cancelled();
                }
            }
        });
        connection.dialling(attempt);
        if (connection.isRetired() && connection.inUse() == 0) {
            // given back in the meantime; whoever did so has not seen the attempt
            attempt.abort();
        } else {
            attempt.start();
        }
    }

    /** Whether the client's chain will call {@link #upgrade} on the connection before it can be used. */
    static boolean becomesTunnel(HttpRoute route) {
        return route.isTunnelled() && route.isSecure();
    }

    private static HttpVersionPolicy sessionPolicy(HttpRoute route, TlsConfig tlsConfig) {
        HttpVersionPolicy policy = tlsConfig.getHttpVersionPolicy();
        // inside a tunnel HTTP/1.1 comes first, for CONNECT, whatever follows
        return route.isTunnelled() && policy == HttpVersionPolicy.FORCE_HTTP_2 ? HttpVersionPolicy.NEGOTIATE : policy;
    }

    /** The host that is dialled for the route, with its port filled in. */
    HttpHost firstHop(HttpRoute route) {
        HttpHost hop = route.getProxyHost() != null ? route.getProxyHost() : route.getTargetHost();
        return RoutingSupport.normalize(hop, schemePorts);
    }

    private DialPlan plan(HotConnection connection, Timeout connectTimeout, TlsConfig tlsConfig) {
        HostPool pool = connection.pool;
        HttpRoute route = pool.route;
        HttpHost hop = route.getProxyHost() != null ? route.getProxyHost() : route.getTargetHost();
        HttpHost host = firstHop(route);
        SocketAddress address = null;
        Path socket = route.getUnixDomainSocket();
        if (socket != null) {
            address = UnixDomainSocketAddress.of(socket);
        } else if (hop.getAddress() != null) {
            address = new InetSocketAddress(hop.getAddress(), host.getPort());
        }
        NamedEndpoint name =
                route.getProxyHost() == null && route.getTargetName() != null ? route.getTargetName() : hop;
        return new DialPlan(
                host,
                address,
                route.getLocalSocketAddress(),
                connectTimeout,
                pool.context.addressing.settings.happyEyeballsDelay().toNanos(),
                1 + pool.context.addressing.settings.maxRetries(),
                handshakeTimeout(pool, tlsConfig),
                URIScheme.HTTPS.same(hop.getSchemeName()) ? tlsStrategy : null,
                ClientEndpoint.of(name, connection.userState),
                tlsConfig);
    }

    private static Timeout handshakeTimeout(HostPool pool, TlsConfig tlsConfig) {
        Timeout configured = tlsConfig.getHandshakeTimeout();
        return configured != null && configured.getDuration() > 0
                ? configured
                : Timeout.of(pool.context.settings().handshakeTimeout());
    }

    /** Starts TLS on a live session: inside a tunnel, or where the server agreed to switch to it. */
    void upgrade(
            HotConnection connection, Object attachment, TlsConfig tlsConfig, FutureCallback<HotConnection> callback) {
        HttpRoute route = connection.pool.route;
        ProtocolIOSession session = connection.sessionOrThrow();
        NamedEndpoint name = route.getTargetName() != null ? route.getTargetName() : route.getTargetHost();
        Timeout timeout = handshakeTimeout(connection.pool, tlsConfig);
        TlsUpgrade upgrade = new TlsUpgrade(connection, callback);
        upgrade.limit(timer, timeout);
        try {
            tlsStrategy.upgrade(
                    new WatchedTls(session, connection),
                    ClientEndpoint.of(name, connection.userState),
                    attachment,
                    timeout,
                    upgrade);
        } catch (RuntimeException e) {
            upgrade.failed(e);
        }
    }
}
