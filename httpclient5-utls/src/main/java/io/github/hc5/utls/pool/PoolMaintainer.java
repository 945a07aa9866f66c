package io.github.hc5.utls.pool;

import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.hc.core5.concurrent.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * Runs the upkeep of every route when it is due. {@link #maintain} is a function of {@code now} that returns when it is
 * to run next, so tests move time and look; around it there is only the scheduling of one task on the pool's timer.
 *
 * <p>Each route keeps the moment at which it is due; whoever causes something to become due earlier lowers that moment
 * first and wakes the maintainer after, so a run that is about to sleep either sees the lowered moment or is woken.
 */
final class PoolMaintainer {

    private final Supplier<Collection<HostPool>> pools;
    private final Consumer<HostPool> forget;
    private final LongSupplier clock;
    private final PoolTimer timer;

    /** Guarded by this. */
    private @Nullable Cancellable scheduled;

    /** Guarded by this. */
    private long scheduledAt = LeaseQueue.NONE;

    PoolMaintainer(
            Supplier<Collection<HostPool>> pools, Consumer<HostPool> forget, LongSupplier clock, PoolTimer timer) {
        this.forget = forget;
        this.pools = pools;
        this.clock = clock;
        this.timer = timer;
    }

    /** Does what is due in every route; returns when to run next, {@link LeaseQueue#NONE} for not at all. */
    long maintain(long now) {
        long next = LeaseQueue.NONE;
        for (HostPool pool : pools.get()) {
            if (pool.dueNanos() <= now) {
                pool.maintain();
                if (pool.tryForget()) {
                    forget.accept(pool);
                }
            }
            next = Math.min(next, pool.dueNanos());
        }
        return next;
    }

    /** Has {@link #maintain} run at this moment or before. */
    void wakeBy(long nanos) {
        if (nanos == LeaseQueue.NONE) {
            return;
        }
        synchronized (this) {
            if (nanos >= scheduledAt) {
                return;
            }
            if (scheduled != null) {
                scheduled.cancel();
            }
            scheduledAt = nanos;
            scheduled = timer.schedule(this::run, Math.max(0, nanos - clock.getAsLong()));
        }
    }

    private void run() {
        synchronized (this) {
            scheduledAt = LeaseQueue.NONE;
            scheduled = null;
        }
        wakeBy(maintain(clock.getAsLong()));
    }
}
