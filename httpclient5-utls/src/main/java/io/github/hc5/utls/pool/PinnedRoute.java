package io.github.hc5.utls.pool;

import java.io.Closeable;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * The user token that keeps several requests on one connection: set it with {@code context.setUserToken(pin)} and every
 * request of that context over the pinned route uses the same connection, which no other request gets. Where the
 * connection ends, the next request gets a new one. Concurrent requests share it where it is HTTP/2 and wait for one
 * another where it is HTTP/1.1. {@link #close()} gives the connection back to all. Thread-safe.
 */
public final class PinnedRoute implements Closeable {

    private final HostPool pool;

    /** Guarded by the lock of the pool. */
    @Nullable
    HotConnection connection;

    PinnedRoute(HostPool pool) {
        this.pool = pool;
    }

    public HttpRoute route() {
        return pool.route;
    }

    /** Ends the pin: its connection, if there is one, serves every request from now on. */
    @Override
    public void close() {
        pool.unpin(this);
    }

    /** Under the lock of the pool: leases the pin's own connection and no other as long as it lives. */
    @Nullable
    HotConnection acquire(RouteTimes times, long now, boolean waits) {
        HotConnection own = connection;
        if (own != null && own.slot >= 0 && !own.isRetired()) {
            CloseReason reason = own.isOpening() ? null : own.unfit(times, now);
            if (reason == null) {
                return lease(own);
            }
            pool.retireLocked(own, reason);
        }
        HotConnection found = pool.idle.lease(null, null, false, times, now);
        if (found == null) {
            found = pool.openings.allocate(this, null, true, now, waits);
        }
        if (found != null) {
            found.userState = this;
            connection = found;
        }
        return found;
    }

    private @Nullable HotConnection lease(HotConnection own) {
        int before = own.tryLease(own.shared ? own.maxExchanges : 1);
        if (before == LeaseState.REFUSED) {
            return null;
        }
        if (before == 0) {
            pool.idle.remove(own);
            pool.context.idle.decrementAndGet();
        }
        return own;
    }

    /** Under the lock of the pool. */
    void release() {
        HotConnection own = connection;
        connection = null;
        if (own != null && own.userState == this) {
            own.userState = null;
        }
    }

    @Override
    public String toString() {
        return "pin of " + pool.route;
    }
}
