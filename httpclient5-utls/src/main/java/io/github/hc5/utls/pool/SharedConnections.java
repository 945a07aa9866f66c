package io.github.hc5.utls.pool;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The open HTTP/2 connections of a route that concurrent exchanges share. Read and leased from without a lock: the array
 * is replaced, never changed in place, by writers under the lock of the {@link HostPool}.
 *
 * <p>The first connection with a free stream is taken, so that load concentrates on few connections and the others fall
 * idle and are retired, as browsers do; where the host has several addresses, these take turns instead.
 */
final class SharedConnections {

    private static final HotConnection[] NONE = {};

    private final HostTargets targets;
    private volatile HotConnection[] open = NONE;

    SharedConnections(HostTargets targets) {
        this.targets = targets;
    }

    /**
     * Leases a stream, or returns {@code null}.
     *
     * @param strict whether the addresses the wish avoids are out of the question
     * @param retire called for each connection met that must not be leased any more
     */
    @Nullable
    HotConnection lease(
            @Nullable Object state,
            @Nullable LeaseWish wish,
            boolean strict,
            RouteTimes times,
            long now,
            BiConsumer<HotConnection, CloseReason> retire) {
        if (targets.isSpread()) {
            return leaseByAddress(state, wish, strict, times, now, retire);
        }
        for (HotConnection connection : open) {
            if (!connection.serves(state)) {
                continue;
            }
            CloseReason reason = connection.unfit(times, now);
            if (reason != null) {
                retire.accept(connection, reason);
                continue;
            }
            int before = connection.tryLease(connection.maxExchanges);
            if (before != LeaseState.REFUSED) {
                if (before == 0) {
                    connection.pool.context.idle.decrementAndGet();
                }
                return connection;
            }
        }
        return null;
    }

    /** Where there are several addresses: of the connections with a free stream, the one whose address comes next. */
    private @Nullable HotConnection leaseByAddress(
            @Nullable Object state,
            @Nullable LeaseWish wish,
            boolean strict,
            RouteTimes times,
            long now,
            BiConsumer<HotConnection, CloseReason> retire) {
        for (; ; ) {
            HotConnection[] all = open;
            HotConnection best =
                    all.length == 0 ? null : AddressChoice.pick(all, all.length, targets, state, wish, strict);
            if (best == null) {
                return null;
            }
            CloseReason reason = best.unfit(times, now);
            if (reason != null) {
                retire.accept(best, reason);
                continue;
            }
            int before = best.tryLease(best.maxExchanges);
            // refused: another lease has taken the last stream since, so it is worth another look
            if (before != LeaseState.REFUSED) {
                if (before == 0) {
                    best.pool.context.idle.decrementAndGet();
                }
                targets.took(best);
                return best;
            }
        }
    }

    void add(HotConnection connection) {
        HotConnection[] before = open;
        HotConnection[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = connection;
        open = after;
    }

    void remove(HotConnection connection) {
        HotConnection[] before = open;
        for (int i = 0; i < before.length; i++) {
            if (before[i] == connection) {
                HotConnection[] after = new HotConnection[before.length - 1];
                System.arraycopy(before, 0, after, 0, i);
                System.arraycopy(before, i + 1, after, i, after.length - i);
                open = after.length == 0 ? NONE : after;
                return;
            }
        }
    }
}
