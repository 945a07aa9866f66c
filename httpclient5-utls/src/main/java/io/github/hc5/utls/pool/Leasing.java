package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.StickyKey;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * How a lease begins and ends: the pool of its route, made where there is none; what the request may wish of the address;
 * a connection at once or a place in the queue; and the way back. Thread-safe.
 */
final class Leasing {

    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    private final HotConnectionManager manager;

    Leasing(HotConnectionManager manager) {
        this.manager = manager;
    }

    Future<AsyncConnectionEndpoint> lease(
            @Nullable String id,
            HttpRoute route,
            @Nullable Object state,
            @Nullable ConnectionConfig config,
            @Nullable Timeout requestTimeout,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        LeaseWish wish = wish(id, state);
        Object token = state instanceof StickyKey ? null : state;
        long now = manager.now();
        for (; ; ) {
            HostPool pool = pool(route);
            RouteTimes times = pool.times(config);
            HotConnection connection = pool.tryLease(token, wish, times, now);
            if (connection != null && !LeaseDelivery.needsValidation(connection, times, now)) {
                HotEndpoint endpoint = manager.delivery.endpoint(connection, times, id);
                if (callback != null) {
                    callback.completed(endpoint);
                }
                return new GrantedLease(endpoint);
            }
            LeaseRequest request =
                    new LeaseRequest(id, pool, token, wish, times, now, deadline(requestTimeout, now), callback);
            if (connection != null) {
                manager.delivery.deliver(request, connection);
                return request;
            }
            if (pool.submit(request)) {
                if (manager.isClosed()) {
                    // closed while it was being queued: nobody else would tell it
                    pool.close(HotConnectionManager.shutDown());
                }
                return request;
            }
            manager.pools.remove(route, pool);
        }
    }

    /** What the lease wishes of the address, {@code null} for nothing, as is usual. */
    @Nullable
    LeaseWish wish(@Nullable String id, @Nullable Object state) {
        return LeaseWish.of(StickyKeys.of(state), manager.context.addressing.failedTries.of(id, manager.now()));
    }

    HostPool pool(HttpRoute route) {
        HostPool pool = manager.pools.get(route);
        return pool != null ? pool : manager.pools.computeIfAbsent(route, r -> new HostPool(r, manager.context));
    }

    private static long deadline(@Nullable Timeout timeout, long now) {
        return timeout == null || timeout.getDuration() <= 0
                ? LeaseQueue.NONE
                : now + Math.min(LONGEST_NANOS, timeout.toNanoseconds());
    }

    void release(HotEndpoint endpoint, @Nullable Object newState, TimeValue validDuration) {
        HotConnection connection = endpoint.detach();
        if (connection != null) {
            long keepAlive = TimeValue.isPositive(validDuration) ? validDuration.toNanoseconds() : 0;
            connection.pool.release(
                    connection,
                    newState instanceof StickyKey ? null : newState,
                    Math.min(keepAlive, LONGEST_NANOS),
                    manager.now());
        }
    }
}
