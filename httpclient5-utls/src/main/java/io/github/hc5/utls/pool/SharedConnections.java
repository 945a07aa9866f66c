package io.github.hc5.utls.pool;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The open HTTP/2 connections of a route that concurrent exchanges share. Read and leased from without a lock: the array
 * is replaced, never changed in place, by writers under the lock of the {@link HostPool}.
 *
 * <p>The first connection with a free stream is taken, so that load concentrates on few connections and the others fall
 * idle and are retired, as browsers do.
 */
final class SharedConnections {

    private static final HotConnection[] NONE = {};

    private volatile HotConnection[] open = NONE;

    /**
     * Leases a stream, or returns {@code null}.
     *
     * @param retire called for each connection met that must not be leased any more
     */
    @Nullable
    HotConnection lease(
            @Nullable Object state, RouteTimes times, long now, BiConsumer<HotConnection, CloseReason> retire) {
        for (HotConnection connection : open) {
            Object mine = connection.userState;
            if (mine != null && !mine.equals(state)) {
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
