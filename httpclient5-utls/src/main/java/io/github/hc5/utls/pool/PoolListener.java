package io.github.hc5.utls.pool;

import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * Hears what a pool does. Called outside every lock of the pool, on whichever thread did the work, often an I/O thread:
 * implementations return promptly, are safe for use by several threads, and throw nothing (what they throw is logged and
 * dropped). Leases that succeed at once are not reported; {@link HotConnectionManager#snapshot()} counts them.
 */
public interface PoolListener {

    /** Hears nothing. */
    PoolListener NONE = new PoolListener() {};

    /** A connection is open and can take exchanges. {@code openNanos} is the time from dialling to here. */
    default void opened(HttpRoute route, ConnectionSnapshot connection, long openNanos) {}

    /** A connection could not be opened. */
    default void openFailed(HttpRoute route, Exception cause) {}

    /** A connection has left the pool. {@code cause} is what its session reported, if it failed. */
    default void closed(
            HttpRoute route, ConnectionSnapshot connection, CloseReason reason, @Nullable Exception cause) {}

    /** A lease has to wait. {@code waiting} is the length of the route's queue with it. */
    default void leaseQueued(HttpRoute route, int waiting) {}

    /** A lease that had waited was given a connection. */
    default void leaseDequeued(HttpRoute route, long waitedNanos) {}

    /** A lease ran into its deadline, or the pool was closed. */
    default void leaseFailed(HttpRoute route, Exception cause) {}

    /** A check of an idle connection is over. */
    default void checked(HttpRoute route, ConnectionSnapshot connection, boolean healthy) {}
}
