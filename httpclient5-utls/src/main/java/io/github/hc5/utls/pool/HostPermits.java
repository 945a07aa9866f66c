package io.github.hc5.utls.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The permits a route has asked for and not used yet. As many are asked for as leases wait for a new connection; what
 * comes when none waits any more goes back; what is refused is asked for again by the upkeep while a lease waits. State
 * is guarded by the lock of the {@link HostPool}; the asking itself happens outside.
 */
final class HostPermits {

    private static final Logger LOG = LoggerFactory.getLogger(HostPermits.class);
    private static final Duration USE = Duration.ofMinutes(1);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final HostPool pool;
    private final ArrayDeque<LeasePermits.Permit> unused = new ArrayDeque<>();
    private int asked;

    HostPermits(HostPool pool) {
        this.pool = pool;
    }

    /** Under lock: takes one, or has one asked for if the caller {@code waits}. */
    LeasePermits.@Nullable Permit take(boolean waits) {
        LeasePermits.Permit permit = unused.poll();
        if (permit == null && waits && asked < pool.queue.size()) {
            asked++;
            pool.effects().wantPermit();
        }
        return permit;
    }

    /** Under lock. */
    void putBack(LeasePermits.Permit permit) {
        unused.addFirst(permit);
    }

    /** Under lock. */
    void withdraw(LeasePermits.Permit permit) {
        unused.remove(permit);
    }

    /** Under lock: nobody waits. */
    void giveBack() {
        if (!unused.isEmpty()) {
            unused.forEach(pool.effects()::give);
            unused.clear();
        }
    }

    /** Outside the lock. */
    void ask() {
        PoolContext context = pool.context;
        try {
            context.permits.acquire(pool.route, USE, this::revoke).whenComplete(this::answered);
        } catch (RuntimeException e) {
            answered(null, e);
        }
    }

    /**
     * Outside the lock: gives a permit back as soon as its connection, if it has one, is done with. One that is just on its
     * way here or back is not found; it is revoked again if need be.
     */
    void revoke(LeasePermits.Permit permit) {
        pool.decide(now -> {
            if (unused.remove(permit)) {
                pool.effects().give(permit);
                return;
            }
            for (HotConnection connection : pool.slots.view()) {
                if (connection.permit == permit) {
                    pool.retireLocked(connection, CloseReason.OVER_LIMIT);
                    pool.serveLocked(now);
                    return;
                }
            }
        });
    }

    private void answered(LeasePermits.@Nullable Permit permit, @Nullable Throwable refusal) {
        if (refusal != null) {
            LOG.debug("no permit for {}: {}", pool.route, refusal.toString());
        }
        pool.decide(now -> {
            asked--;
            if (permit != null) {
                unused.add(permit);
                pool.serveLocked(now);
            } else {
                pool.effects().wakeBy(now + AGAIN_NANOS);
            }
        });
    }
}
