package io.github.hc5.utls.pool;

import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/** The error of a lease that ran into its deadline: one line with what one needs to know to set the limits right. */
final class LeaseTimeouts {

    private LeaseTimeouts() {}

    /** Called under the lock of the pool. */
    static Exception of(HostPool pool, LeaseRequest request, long now) {
        int opening = 0;
        int leased = 0;
        int idle = 0;
        int other = 0;
        for (HotConnection connection : pool.slots.view()) {
            switch (connection.state()) {
                case OPENING -> opening++;
                case LEASED -> leased++;
                case AVAILABLE -> idle++;
                case CHECKING, RETIRED -> other++;
            }
        }
        return new ConnectionRequestTimeoutException(String.format(
                "No connection to %s within %d ms: %d of %d open (%d leased, %d idle, %d opening, %d closing or checked), "
                        + "%d waiting; in all %d of %d open, %d idle",
                pool.route.getTargetHost(),
                TimeUnit.NANOSECONDS.toMillis(now - request.startNanos),
                pool.slots.size(),
                pool.maxConnections(),
                leased,
                idle,
                opening,
                other,
                pool.queue.size(),
                pool.context.total.open(),
                pool.context.total.max(),
                pool.context.idle.get()));
    }
}
