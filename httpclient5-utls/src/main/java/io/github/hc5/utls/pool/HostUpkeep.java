package io.github.hc5.utls.pool;

import java.util.concurrent.TimeUnit;

/**
 * What a route needs from time to time: leases that ran out of time fail, connections past their time are retired, idle
 * ones are checked, and as many as configured are kept ready. All of it is one function of {@code now} that returns when
 * it is to run next (the way of OkHttp's {@code closeConnections}). Guarded by the lock of the {@link HostPool}.
 */
final class HostUpkeep {

    private static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_BACKOFF_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final HostPool pool;
    private int minIdle = -1;
    private long lastAskedNanos;
    private long openAgainNanos;
    private int failures;

    HostUpkeep(HostPool pool) {
        this.pool = pool;
        this.lastAskedNanos = pool.context.clock.getAsLong();
        this.openAgainNanos = lastAskedNanos;
    }

    /** Sets how many connections to keep ready; negative: what the settings say, while the route is in use. */
    void setMinIdle(int connections) {
        minIdle = connections;
    }

    /** A request has asked for a connection and not got one at once. */
    void asked(long now) {
        lastAskedNanos = now;
    }

    void opened(long now) {
        failures = 0;
        openAgainNanos = now;
    }

    /** A connection that nobody had leased could not be opened: the next try waits, longer each time. */
    void openFailed(long now) {
        failures++;
        openAgainNanos = now + Math.min(MOST_BACKOFF_NANOS, BACKOFF_NANOS << Math.min(10, failures - 1));
    }

    /** Fewer may be ready than before: has them replenished, if any are to be kept. */
    void readyChanged(long now) {
        if (wanted() > 0) {
            pool.effects().wakeBy(Math.max(now, openAgainNanos));
        }
    }

    private int wanted() {
        return minIdle >= 0 ? minIdle : pool.context.settings().minIdlePerRoute();
    }

    /** Whether no request has asked for the route for long. */
    boolean isDormant(long now) {
        return pool.slots.size() == 0 && pool.queue.isEmpty() && now - lastAskedNanos >= MEMORY_NANOS;
    }

    /** Whether the route holds nothing, waits for nothing and has not been used for long, so it can be forgotten. */
    boolean isForgettable(long now) {
        return pool.slots.size() == 0
                && pool.queue.isEmpty()
                && minIdle <= 0
                && !pool.limits.hasOwn()
                && now - lastAskedNanos >= MEMORY_NANOS;
    }

    /** When this connection needs attention next. */
    long due(HotConnection connection, long now) {
        long due = connection.expiresAt(pool.times(), LeaseQueue.NONE);
        long interval = pool.context.settings().checkInterval().toNanos();
        if (interval > 0) {
            due = Math.min(due, Math.max(connection.lastUsedNanos, connection.lastCheckedNanos) + interval);
        }
        return Math.max(due, now);
    }

    /** Under lock: does what is due and returns when to run next, {@link LeaseQueue#NONE} for not at all. */
    long run(long now) {
        pool.context.upkeepTally.ran();
        long next = LeaseQueue.NONE;
        long interval = pool.context.settings().checkInterval().toNanos();
        for (HotConnection c : pool.slots.copy()) {
            next = Math.min(next, c.isRetired() ? retired(c, now) : attend(c, interval, now));
        }
        pool.serveLocked(now);
        next = Math.min(next, Math.min(pool.queue.earliestDeadline(), keepReady(now)));
        next = Math.min(next, pool.targets.upkeep.run(now));
        long forget = lastAskedNanos + MEMORY_NANOS;
        return next == LeaseQueue.NONE && pool.slots.size() == 0 && forget > now ? forget : next;
    }

    private long retired(HotConnection connection, long now) {
        return connection.closing ? pool.slots.hurry(connection, now) : LeaseQueue.NONE;
    }

    private long attend(HotConnection connection, long checkInterval, long now) {
        if (connection.isOpening()) {
            return LeaseQueue.NONE;
        }
        CloseReason reason = connection.expired(pool.times(), now);
        if (reason != null) {
            pool.retireLocked(connection, reason);
            return LeaseQueue.NONE;
        }
        long next = connection.expiresAt(pool.times(), LeaseQueue.NONE);
        if (checkInterval > 0) {
            long due = Math.max(connection.lastUsedNanos, connection.lastCheckedNanos) + checkInterval;
            if (due <= now) {
                // where it is in use, it is looked at again when it may have become idle
                boolean begun = pool.checks.begin(connection);
                due = now + (begun ? checkInterval : Math.min(checkInterval, AGAIN_NANOS));
            }
            next = Math.min(next, due);
        }
        // one in use may have passed its idle time; it gets a new one when it is released
        return next > now ? next : now + AGAIN_NANOS;
    }

    private long keepReady(long now) {
        int wanted = wanted();
        if (wanted == 0 || (minIdle < 0 && now - lastAskedNanos >= MEMORY_NANOS)) {
            return LeaseQueue.NONE;
        }
        int ready = 0;
        for (HotConnection c : pool.slots.view()) {
            boolean idle = c.isUnused() || c.state() == ConnectionSnapshot.State.CHECKING;
            boolean free = c.shared && c.inUse() < c.maxExchanges;
            boolean opening = c.isOpening() && c.inUse() == 0;
            if (!c.isRetired() && (idle || free || opening)) {
                ready++;
            }
        }
        if (ready >= wanted) {
            return LeaseQueue.NONE;
        }
        if (now < openAgainNanos) {
            return openAgainNanos;
        }
        for (; ready < wanted; ready++) {
            HotConnection connection = pool.openings.reserveLocked(null, now);
            if (connection == null) {
                break;
            }
            pool.context.upkeepTally.replenished();
            pool.effects().open(connection);
        }
        return LeaseQueue.NONE;
    }

    /** Retires every unused connection; returns how many. */
    int retireUnused(CloseReason reason, long longerThanNanos, long now) {
        int count = 0;
        for (HotConnection c : pool.slots.copy()) {
            if (c.isUnused() && !c.isRetired() && now - c.lastUsedNanos >= longerThanNanos) {
                pool.retireLocked(c, reason);
                count++;
            }
        }
        pool.serveLocked(now);
        return count;
    }

    /** Begins to check every unused connection; returns how many. */
    int checkUnused() {
        int count = 0;
        for (HotConnection c : pool.slots.copy()) {
            if (!c.isRetired() && pool.checks.begin(c)) {
                count++;
            }
        }
        return count;
    }

    /** Retires every unused connection whose time is up. */
    void retireExpired(long now) {
        for (HotConnection c : pool.slots.copy()) {
            CloseReason reason = c.isUnused() && !c.isRetired() ? c.expired(pool.times(), now) : null;
            if (reason != null) {
                pool.retireLocked(c, reason);
            }
        }
        pool.serveLocked(now);
    }
}
