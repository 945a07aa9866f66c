package io.github.hc5.utls.pool;

import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * The way of a granted connection to the one who asked for it: checked first if it has been idle for as long as the route's
 * config says, made ready, and given back if nobody wants it any more. Thread-safe.
 */
final class LeaseDelivery {

    private final HotConnectionManager manager;

    LeaseDelivery(HotConnectionManager manager) {
        this.manager = manager;
    }

    static boolean needsValidation(HotConnection connection, RouteTimes times, long now) {
        return times.validateNanos() >= 0
                && connection.session != null
                && connection.inUse() == 1
                && now - connection.lastUsedNanos >= times.validateNanos();
    }

    /** Returns a lease of the connection, which is ready for exchanges under the route's times. */
    HotEndpoint endpoint(HotConnection connection, RouteTimes times, @Nullable String id) {
        if (!connection.shared || times.socketTimeout() != null) {
            connection.activate(times);
        }
        return new HotEndpoint(manager, connection, times, id);
    }

    void deliver(LeaseRequest request, HotConnection connection) {
        if (!needsValidation(connection, request.times, manager.now())) {
            complete(request, connection);
            return;
        }
        long timeout = manager.context.settings().checkTimeout().toNanos();
        ConnectionCheck.start(connection, manager.context.clock, manager.timer, timeout, healthy -> {
            if (!healthy) {
                connection.pool.retire(connection, CloseReason.UNHEALTHY);
                connection.close(CloseMode.IMMEDIATE);
            }
            complete(request, connection);
        });
    }

    private void complete(LeaseRequest request, HotConnection connection) {
        HotEndpoint endpoint = endpoint(connection, request.times, request.id);
        request.delivered = endpoint;
        if (!request.completed(endpoint)) {
            manager.release(endpoint, null, TimeValue.NEG_ONE_MILLISECOND);
        } else if (request.waited) {
            HostPool pool = connection.pool;
            long waitedNanos = manager.now() - request.startNanos;
            pool.tallies.general().increment(Tally.Count.LEASES_GRANTED);
            pool.tallies.general().add(Tally.Count.LEASE_NANOS, waitedNanos);
            Effects.tell(() -> manager.context.listener().leaseDequeued(pool.route, waitedNanos));
        }
    }
}
