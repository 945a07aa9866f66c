package io.github.hc5.utls.pool;

/** Checks of a route's unused connections, which are in no list meanwhile. Takes the lock of the pool where it says so. */
final class HostChecks {

    private final HostPool pool;

    HostChecks(HostPool pool) {
        this.pool = pool;
    }

    /** Under lock: takes an unused connection for a check; it is in no list until {@link #checked}. */
    boolean begin(HotConnection connection) {
        boolean begun = take(connection);
        if (begun) {
            pool.effects().check(connection);
        }
        return begun;
    }

    private boolean take(HotConnection connection) {
        if (!connection.tryCheck()) {
            return false;
        }
        pool.context.idle.decrementAndGet();
        pool.idle.remove(connection);
        return true;
    }

    /** Takes the lock: takes an unused connection for a check that the caller makes; returns false if it is in use. */
    boolean reserve(HotConnection connection) {
        boolean[] taken = new boolean[1];
        pool.decide(now -> taken[0] = !connection.isRetired() && take(connection));
        return taken[0];
    }

    /** Takes the lock: a check of the connection, which is in state checking, is over. */
    void checked(HotConnection connection, boolean healthy) {
        pool.decide(now -> {
            connection.lastCheckedNanos = now;
            if (!healthy) {
                pool.retireLocked(connection, CloseReason.UNHEALTHY);
            }
            if (connection.checked() == LeaseState.Left.AVAILABLE) {
                pool.context.idle.incrementAndGet();
                if (!connection.shared) {
                    pool.idle.add(connection);
                }
            }
            if (connection.isRetired()) {
                pool.slots.closeIfUnused(connection, now);
            }
            pool.serveLocked(now);
            pool.effects().checked(connection, healthy);
        });
    }
}
