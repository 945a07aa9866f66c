package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.health.PoolHealth;
import java.net.InetAddress;
import java.time.Duration;
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

    /** TLS has been done on a connection, or has failed; told before the connection is open. */
    default void handshakeEnded(HttpRoute route, TlsHandshake handshake) {}

    /** A connection gets no new exchange from here on; it closes when those in flight are over. */
    default void retired(HttpRoute route, ConnectionSnapshot connection, CloseReason reason) {}

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

    /**
     * An address of a route has been banned, ejected, or has come back; or would have been taken out but for the
     * safeguards.
     *
     * @param outcome what did it
     */
    default void addressChanged(HttpRoute route, InetAddress address, AddressHealth.State state, Outcome outcome) {}

    /**
     * An address has been banned for every host, by the user or by another pool that shares its bans.
     *
     * @param time how long
     */
    default void addressBanned(InetAddress address, Duration time) {}

    /** Every ban and ejection of an address has been lifted by the user or by another pool. */
    default void addressLifted(InetAddress address) {}

    /** So few addresses of a route are well that all are used, or that is over. */
    default void panicChanged(HttpRoute route, boolean panic) {}

    /** Every address of a route answers with a banned status: it is the host that blocks; or that is over. */
    default void hostBlocked(HttpRoute route, boolean blocked) {}

    /** A host has failed or has recovered. */
    default void hostHealthChanged(HttpRoute route, HostHealth.Report report) {}

    /** The health of the whole pool is another than before. */
    default void poolHealthChanged(PoolHealth.Report report) {}

    /**
     * An exchange is over, whatever it came to; called for each one, on the I/O thread, before its caller hears of a
     * failure, so that what the listener does about it is in force when the caller tries again.
     *
     * @param address the first hop's, {@code null} where it is none of IP
     * @param status of the response, 0 if there was none
     * @param elapsedNanos from handing the exchange to the connection to its end
     */
    default void exchangeEnded(
            HttpRoute route, @Nullable InetAddress address, Outcome outcome, int status, long elapsedNanos) {}
}
