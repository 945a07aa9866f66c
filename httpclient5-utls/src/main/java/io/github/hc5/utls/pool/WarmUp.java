package io.github.hc5.utls.pool;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections that no request has leased, all the way: dialled, tunnelled where the route asks for it, TLS done.
 * Serves {@link Prewarm}, the connections kept ready, and discovery. Thread-safe.
 */
final class WarmUp {

    private final PoolContext context;
    private final ConnectionOpener opener;
    private final PoolTimer timer;
    private final Function<HttpRoute, TlsConfig> tlsConfigs;

    WarmUp(PoolContext context, ConnectionOpener opener, PoolTimer timer, Function<HttpRoute, TlsConfig> tlsConfigs) {
        this.context = context;
        this.opener = opener;
        this.timer = timer;
        this.tlsConfigs = tlsConfigs;
    }

    PrewarmProgress prewarm(Prewarm order, HostPool pool) {
        PrewarmRun run = new PrewarmRun(
                order,
                callback -> reserveAndOpen(pool, callback),
                (connection, outcome) -> check(connection, order.validatePath(), outcome),
                timer,
                context.clock);
        return run.start();
    }

    /** Opens a connection all the way, if there is room for one. */
    void reserveAndOpen(HostPool pool, FutureCallback<HotConnection> callback) {
        if (context.permitsUnlimited()) {
            reserveAndOpen(pool, null, callback);
            return;
        }
        context.permits
                .acquire(pool.route, context.settings().connectTimeout(), pool.permits::revoke)
                .whenComplete((permit, refusal) -> {
                    if (permit == null) {
                        callback.failed(new LimitReachedException("No permit for " + pool.route + ": " + refusal));
                    } else {
                        reserveAndOpen(pool, permit, callback);
                    }
                });
    }

    private void reserveAndOpen(
            HostPool pool, LeasePermits.@Nullable Permit permit, FutureCallback<HotConnection> callback) {
        HotConnection connection = pool.openings.reserve(permit);
        if (connection != null) {
            open(connection, callback);
        } else {
            if (permit != null) {
                permit.release();
            }
            callback.failed(new LimitReachedException(String.format(
                    "No room for a connection to %s: %d allowed, in all %d of %d open",
                    pool.route.getTargetHost(), pool.maxConnections(), context.total.open(), context.total.max())));
        }
    }

    /** Opens a reserved connection all the way. */
    void open(HotConnection connection, @Nullable FutureCallback<HotConnection> callback) {
        HostPool pool = connection.pool;
        TlsConfig tlsConfig = tlsConfigs.apply(pool.route);
        FutureCallback<HotConnection> next =
                ConnectionOpener.becomesTunnel(pool.route) ? new Tunnel(pool, tlsConfig, callback) : callback;
        try {
            opener.open(connection, pool.times().connectTimeout(), tlsConfig, next);
        } catch (RuntimeException e) {
            pool.openings.failed(connection, e);
            if (callback != null) {
                callback.failed(e);
            }
        }
    }

    private void check(HotConnection connection, @Nullable String path, Consumer<Boolean> outcome) {
        HostPool pool = connection.pool;
        if (!pool.checks.reserve(connection)) {
            outcome.accept(!connection.isRetired());
            return;
        }
        long timeout = context.settings().checkTimeout().toNanos();
        Consumer<Boolean> checked = healthy -> {
            pool.checks.checked(connection, healthy);
            outcome.accept(healthy);
        };
        if (path == null) {
            ConnectionCheck.start(connection, context.clock, timer, timeout, checked);
        } else {
            LightRequest.send(connection, path, timer, timeout, new FutureCallback<>() {
                @Override
                public void completed(HttpResponse head) {
                    checked.accept(!pool.outcomes.isBanning(head));
                }

                @Override
                public void failed(Exception cause) {
                    checked.accept(false);
                }

                @Override
                public void cancelled() {
                    checked.accept(false);
                }
            });
        }
    }

    /** Finds out anew what the route is like. */
    CompletableFuture<RouteDiscovery> discover(HostPool pool) {
        CompletableFuture<RouteDiscovery> result = new CompletableFuture<>();
        pool.decide(now -> pool.coldStart.forget());
        opener.addresses().refresh(opener.firstHop(pool.route), new FutureCallback<>() {
            @Override
            public void completed(List<InetSocketAddress> addresses) {
                int retired = retireOthers(pool, addresses);
                pool.decide(now -> pool.targets.resolved(addresses, now));
                long start = context.clock.getAsLong();
                reserveAndOpen(pool, finish(result, connection -> {
                    Duration opening = Duration.ofNanos(context.clock.getAsLong() - start);
                    String protocol = connection.getProtocolVersion().toString();
                    return new RouteDiscovery(pool.route, addresses, protocol, retired, opening);
                }));
            }

            @Override
            public void failed(Exception cause) {
                result.completeExceptionally(cause);
            }

            @Override
            public void cancelled() {
                result.cancel(false);
            }
        });
        return result;
    }

    private static int retireOthers(HostPool pool, List<InetSocketAddress> addresses) {
        int[] count = new int[1];
        pool.decide(now -> {
            for (HotConnection c : pool.slots.copy()) {
                SocketAddress remote = c.getRemoteAddress();
                if (remote instanceof InetSocketAddress && !addresses.contains(remote) && !c.isRetired()) {
                    pool.retireLocked(c, CloseReason.REQUESTED);
                    count[0]++;
                }
            }
            pool.serveLocked(now);
        });
        return count[0];
    }

    private static FutureCallback<HotConnection> finish(
            CompletableFuture<RouteDiscovery> result, Function<HotConnection, RouteDiscovery> found) {
        return new FutureCallback<>() {
            @Override
            public void completed(HotConnection connection) {
                result.complete(found.apply(connection));
            }

            @Override
            public void failed(Exception cause) {
                result.completeExceptionally(cause);
            }

            @Override
            public void cancelled() {
                result.cancel(false);
            }
        };
    }

    /** Makes a tunnel of a connection to a proxy: CONNECT, then TLS with the target. */
    private final class Tunnel implements FutureCallback<HotConnection> {

        private final HostPool pool;
        private final TlsConfig tlsConfig;
        private final @Nullable FutureCallback<HotConnection> callback;

        Tunnel(HostPool pool, TlsConfig tlsConfig, @Nullable FutureCallback<HotConnection> callback) {
            this.pool = pool;
            this.tlsConfig = tlsConfig;
            this.callback = callback;
        }

        @Override
        public void completed(HotConnection connection) {
            FutureCallback<HotConnection> upgraded = outcome(connection, c -> {
                if (callback != null) {
                    callback.completed(c);
                }
            });
            TunnelHandshake tunnel = new TunnelHandshake(
                    connection,
                    pool.route.getTargetHost(),
                    outcome(connection, c -> opener.upgrade(c, tlsConfig, tlsConfig, upgraded)));
            tunnel.start(timer, patience());
        }

        /** The proxy connects to the target before it answers. */
        private Timeout patience() {
            Timeout configured = pool.times().connectTimeout();
            return configured.getDuration() > 0
                    ? configured
                    : Timeout.of(context.settings().connectTimeout());
        }

        private FutureCallback<HotConnection> outcome(HotConnection connection, Consumer<HotConnection> next) {
            return new FutureCallback<>() {
                @Override
                public void completed(HotConnection result) {
                    next.accept(result);
                }

                @Override
                public void failed(Exception cause) {
                    connection.close(CloseMode.IMMEDIATE);
                    pool.openings.failed(connection, cause);
                    Tunnel.this.failed(cause);
                }

                @Override
                public void cancelled() {
                    failed(new java.util.concurrent.CancellationException("The tunnel was cancelled"));
                }
            };
        }

        @Override
        public void failed(Exception cause) {
            if (callback != null) {
                callback.failed(cause);
            }
        }

        @Override
        public void cancelled() {
            if (callback != null) {
                callback.cancelled();
            }
        }
    }
}
