package io.github.hc5.utls.pool;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;

/**
 * A cap on open connections that reaches beyond one pool: one permit for each, taken before it is dialled and given back
 * when its socket has closed. The pool uses what is open before it asks for a permit, asks for no more permits than it
 * has leases waiting, and calls from any thread but never under a lock.
 *
 * <p>Implementations are safe for use by several threads and never block.
 */
public interface LeasePermits extends AutoCloseable {

    /** A right to one open connection. */
    interface Permit {

        /** Gives the right back. Called exactly once. */
        void release();
    }

    /**
     * Asks for a permit.
     *
     * @param route the connection's route
     * @param timeout how long the permit is of use; after that a permit not yet granted is to fail
     * @param revoked told outside of locks that a permit granted here must be given back as soon as can be done without
     *     harm: its connection then takes no new exchange and is closed when those it has are over. Told only after the
     *     permit was handed over, and again from time to time until it is given back, so that none is missed.
     * @return completes with the permit, or exceptionally when none could be had in time; the pool then asks again as
     *     long as a lease waits, so an implementation paces itself by when it fails
     */
    CompletionStage<Permit> acquire(HttpRoute route, Duration timeout, Consumer<Permit> revoked);

    /** Releases what the implementation holds. The permits of open connections are given back before. */
    @Override
    void close();

    /** Returns the permits that are always granted: no cap beyond the pool's own limits. */
    static LeasePermits unlimited() {
        return UnlimitedPermits.INSTANCE;
    }
}
