package io.github.hc5.utls.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The unused connections of a route that one request at a time may have (HTTP/1.1, and HTTP/2 where it is not shared),
 * in the order in which they are to be leased: last released first, or first released first, by the reuse policy.
 * Guarded by the lock of the {@link HostPool}.
 */
final class IdleConnections {

    private static final HotConnection[] NONE = {};

    private final Deque<HotConnection> order = new ArrayDeque<>();
    private final HostPool pool;
    private final boolean lifo;

    IdleConnections(HostPool pool, boolean lifo) {
        this.pool = pool;
        this.lifo = lifo;
    }

    /** Leases the next connection that is fit for it, retiring those met that are not, or returns {@code null}. */
    @Nullable
    HotConnection lease(@Nullable Object state, @Nullable LeaseWish wish, boolean strict, RouteTimes times, long now) {
        for (HotConnection c = next(state, wish, strict); c != null; c = next(state, wish, strict)) {
            if (pool.targets.order.isAhead(c, now)) {
                return null;
            }
            remove(c);
            CloseReason reason = c.unfit(times, now);
            if (reason != null) {
                pool.retireLocked(c, reason);
            } else if (c.tryLease(1) != LeaseState.REFUSED) {
                pool.context.idle.decrementAndGet();
                pool.targets.took(c);
                c.leasedNanos = now;
                pool.upkeep.readyChanged(now);
                return c;
            }
        }
        return null;
    }

    private @Nullable HotConnection next(@Nullable Object state, @Nullable LeaseWish wish, boolean strict) {
        if (!pool.targets.isSpread() || order.isEmpty()) {
            return next(state);
        }
        HotConnection[] all = order.toArray(NONE);
        if (state != null) {
            int own = 0;
            for (HotConnection c : all) {
                if (state.equals(c.userState)) {
                    all[own++] = c;
                }
            }
            HotConnection mine = own == 0 ? null : AddressChoice.pick(all, own, pool.targets, state, wish, strict);
            if (mine != null) {
                return mine;
            }
            all = order.toArray(all);
        }
        return AddressChoice.pick(all, all.length, pool.targets, state, wish, strict);
    }

    void add(HotConnection connection) {
        if (lifo) {
            order.addFirst(connection);
        } else {
            order.addLast(connection);
        }
        connection.inIdle = true;
    }

    void remove(HotConnection connection) {
        if (connection.inIdle) {
            connection.inIdle = false;
            if (order.peekFirst() == connection) {
                order.pollFirst();
            } else {
                order.remove(connection);
            }
        }
    }

    /**
     * Returns the next connection for a request with this user token without taking it out: one with the same token
     * first, else one that has none and may serve it. A connection with another token is never returned.
     */
    @Nullable
    HotConnection next(@Nullable Object state) {
        HotConnection first = order.peekFirst();
        if (state == null && first != null && first.userState == null) {
            return first;
        }
        HotConnection stateless = null;
        for (Iterator<HotConnection> it = order.iterator(); it.hasNext(); ) {
            HotConnection connection = it.next();
            Object mine = connection.userState;
            if (mine == null) {
                if (state == null) {
                    return connection;
                }
                stateless = stateless == null && connection.serves(state) ? connection : stateless;
            } else if (mine.equals(state)) {
                return connection;
            }
        }
        return stateless;
    }
}
