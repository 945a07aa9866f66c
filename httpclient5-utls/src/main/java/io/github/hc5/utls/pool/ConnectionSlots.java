package io.github.hc5.utls.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a route that hold a slot of its limit and of the total, and how they come to leave: retired (no new
 * lease), then closed once unused, then freed once the socket is closed. A slot is held from the decision to dial until
 * then, so the limits bound open sockets and not only usable connections. Guarded by the lock of the {@link HostPool}.
 */
final class ConnectionSlots {

    private static final long CLOSE_GRACE_NANOS = 1_000_000_000L;

    private final HostPool pool;
    private final List<HotConnection> all = new ArrayList<>();

    ConnectionSlots(HostPool pool) {
        this.pool = pool;
    }

    int size() {
        return all.size();
    }

    /** A copy, to be walked while connections leave. */
    List<HotConnection> copy() {
        return List.copyOf(all);
    }

    /** The list itself, not to be kept or changed. */
    List<HotConnection> view() {
        return all;
    }

    /** Takes the slot that the caller has acquired from the total limit. */
    void add(HotConnection connection, LeasePermits.@Nullable Permit permit) {
        connection.permit = permit;
        connection.slot = all.size();
        all.add(connection);
    }

    /** Gives the slot of one connection to another. */
    void replace(HotConnection old, HotConnection connection) {
        connection.permit = old.permit;
        connection.slot = old.slot;
        if (old.closing) {
            pool.context.total.staying(pool.limits.share());
        }
        all.set(old.slot, connection);
        old.permit = null;
        old.slot = -1;
        old.reason = old.reason != null ? old.reason : CloseReason.ENDED;
        pool.tallies.left(old);
        pool.effects().close(old);
        pool.effects().gone(old);
    }

    /** Lets no new lease have the connection, and closes it if nobody has one. */
    void retire(HotConnection connection, CloseReason reason, long now) {
        LeaseState.Left before = connection.retire();
        if (before != null) {
            connection.reason = reason;
            if (before == LeaseState.Left.AVAILABLE) {
                pool.context.idle.decrementAndGet();
            }
            pool.unlist(connection);
            pool.effects().retired(connection, reason);
        }
        closeIfUnused(connection, now);
    }

    /** Begins to close a retired connection that nobody uses; frees its slot if its socket is closed already. */
    void closeIfUnused(HotConnection connection, long now) {
        boolean held = connection.inUse() > 0 && !(connection.shared && connection.over);
        if (connection.slot < 0 || held) {
            return;
        }
        if (connection.session == null || connection.over) {
            pool.effects().close(connection);
            free(connection);
        } else if (!connection.closing) {
            connection.closing = true;
            pool.context.total.leaving(pool.limits.share());
            connection.closeByNanos = now + CLOSE_GRACE_NANOS;
            pool.effects().close(connection);
            pool.effects().wakeBy(connection.closeByNanos);
        }
    }

    /** Closes at once what was asked to close long enough ago; returns when to look again. */
    long hurry(HotConnection connection, long now) {
        if (now < connection.closeByNanos) {
            return connection.closeByNanos;
        }
        connection.closeByNanos = now + CLOSE_GRACE_NANOS;
        ProtocolIOSession session = connection.session;
        if (session == null || session.getStatus() == IOSession.Status.CLOSED) {
            free(connection);
            return LeaseQueue.NONE;
        }
        pool.effects().closeNow(connection);
        return connection.closeByNanos;
    }

    /**
     * Retires the longest unused connection that a request with this user token may not have, unless one is on its way
     * out already. One that it may have is left alone: it has become free a moment ago, and its release serves the queue.
     */
    void evictForeign(@Nullable Object state, long now) {
        evict(c -> !c.serves(state), now);
    }

    /** Retires the longest unused connection, unless one is on its way out already. */
    void evictAny(long now) {
        evict(c -> true, now);
    }

    private void evict(Predicate<HotConnection> candidate, long now) {
        HotConnection oldest = null;
        for (HotConnection c : all) {
            if (c.closing) {
                return;
            }
            if (c.isUnused()
                    && !c.isRetired()
                    && !(c.userState instanceof PinnedRoute)
                    && candidate.test(c)
                    && (oldest == null || c.lastUsedNanos < oldest.lastUsedNanos)) {
                oldest = c;
            }
        }
        if (oldest != null) {
            retire(oldest, CloseReason.EVICTED, now);
        }
    }

    /** Retires unused connections as far as there are more than the limits allow. */
    void trim(long now) {
        int surplus = all.size() - pool.maxConnections();
        for (HotConnection c : copy()) {
            if (c.isUnused() && !c.isRetired()) {
                if (surplus > 0 || pool.limits.exceedTotal()) {
                    surplus--;
                    retire(c, CloseReason.OVER_LIMIT, now);
                } else if (pool.context.idle.get() > pool.context.maxIdle()) {
                    retire(c, CloseReason.IDLE_LIMIT, now);
                }
            }
        }
    }

    void retireAll(CloseReason reason, long now) {
        for (HotConnection c : copy()) {
            retire(c, reason, now);
        }
    }

    private void free(HotConnection connection) {
        int slot = connection.slot;
        HotConnection last = all.remove(all.size() - 1);
        if (last != connection) {
            all.set(slot, last);
            last.slot = slot;
        }
        connection.slot = -1;
        pool.context.total.release(pool.limits.share(), connection.closing);
        LeasePermits.Permit permit = connection.permit;
        if (permit != null) {
            pool.effects().give(permit);
            connection.permit = null;
        }
        pool.tallies.left(connection);
        pool.effects().gone(connection);
        pool.slotFreed(pool.context.clock.getAsLong());
    }
}
