package io.github.hc5.utls.pool;

import java.util.concurrent.CancellationException;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How a connection enters a {@link HostPool}: a slot taken within the limits, the dial begun, the outcome. Each method
 * says whether it takes the lock of the pool or is called under it.
 */
final class HostOpenings {

    private final HostPool pool;
    private final PoolContext context;

    HostOpenings(HostPool pool) {
        this.pool = pool;
        this.context = pool.context;
    }

    /** Under lock: takes a slot for the address whose turn it is though it has no connection; usually {@code null}. */
    @Nullable
    HotConnection allocateWanted(@Nullable Object state, @Nullable LeaseWish wish, long now) {
        Target wanted = pool.targets.order.wanted(wish);
        if (wanted == null) {
            return null;
        }
        HotConnection connection = allocate(state, wish, wanted, true, now, false);
        if (connection == null) {
            pool.targets.noRoom();
        }
        return connection;
    }

    /** Under lock: takes a slot for an address that the wish does not avoid, if there is one. */
    @Nullable
    HotConnection allocateElsewhere(@Nullable Object state, @Nullable LeaseWish wish, long now) {
        Target other = pool.targets.order.forNew(wish);
        return other == null || LeaseWish.avoids(wish, other) ? null : allocate(state, wish, other, true, now, false);
    }

    /** Under lock: takes a slot, or returns {@code null}; then, if the caller {@code waits}, what may free one is done. */
    @Nullable
    HotConnection allocate(@Nullable Object state, @Nullable LeaseWish wish, boolean leased, long now, boolean waits) {
        return allocate(state, wish, pool.targets.order.forNew(wish), leased, now, waits);
    }

    private @Nullable HotConnection allocate(
            @Nullable Object state,
            @Nullable LeaseWish wish,
            @Nullable Target target,
            boolean leased,
            long now,
            boolean waits) {
        pool.limits.adopt();
        if (pool.slots.size() >= pool.maxConnections()) {
            if (waits) {
                pool.slots.evictForeign(state, now);
            }
            return null;
        }
        LeasePermits.Permit permit = null;
        if (!context.permitsUnlimited()) {
            permit = pool.permits.take(waits);
            if (permit == null) {
                return null;
            }
        }
        if (!context.total.tryAcquire(pool.limits.share())) {
            if (permit != null) {
                pool.permits.putBack(permit);
            }
            if (waits) {
                pool.effects().starve();
            }
            return null;
        }
        HotConnection connection = create(state, leased, now);
        pool.slots.add(connection, permit);
        connection.wish = wish;
        pool.targets.opening(connection, target);
        return connection;
    }

    private HotConnection create(@Nullable Object state, boolean leased, long now) {
        HotConnection connection = new HotConnection(pool, leased, context.lifeFactor(), now);
        connection.userState = ClientKey.from(state);
        if (context.settings().multiplexing()) {
            pool.coldStart.begin(connection, state);
        }
        return connection;
    }

    /** Takes the lock: a slot for a connection nobody has leased, or {@code null} where the limits allow none. */
    @Nullable
    HotConnection reserve(LeasePermits.@Nullable Permit permit) {
        HotConnection[] result = new HotConnection[1];
        pool.decide(now -> {
            if (!pool.isClosed()) {
                result[0] = reserveLocked(permit, now);
            }
        });
        return result[0];
    }

    /** Under lock. */
    @Nullable
    HotConnection reserveLocked(LeasePermits.@Nullable Permit permit, long now) {
        if (permit == null) {
            return allocate(null, null, false, now, false);
        }
        pool.permits.putBack(permit);
        HotConnection connection = allocate(null, null, false, now, false);
        if (connection == null) {
            pool.permits.withdraw(permit);
        }
        return connection;
    }

    /** Under lock: takes a slot for a connection that is to find out if an address is well again. */
    @Nullable
    HotConnection reserveProbe(Target target, long now) {
        HotConnection connection = pool.isClosed() ? null : allocate(null, null, target, false, now, false);
        if (connection != null) {
            connection.isProbe = true;
            pool.coldStart.end(connection);
        }
        return connection;
    }

    /**
     * Takes the lock: gives the slot of a leased connection that is not or no longer open to a new one, leased likewise.
     *
     * @throws IllegalStateException if the pool is closed
     */
    HotConnection replace(HotConnection old, @Nullable LeaseWish wish) {
        HotConnection[] result = new HotConnection[1];
        pool.decide(now -> {
            if (pool.isClosed() || old.slot < 0) {
                throw new IllegalStateException("Connection pool shut down");
            }
            pool.coldStart.end(old);
            pool.targets.left(old);
            old.retire();
            Object state = old.userState;
            HotConnection connection = create(state, true, now);
            connection.userState = state;
            if (state instanceof PinnedRoute pin) {
                pin.connection = connection;
            }
            pool.slots.replace(old, connection);
            connection.wish = wish;
            pool.targets.opening(connection, pool.targets.order.forNew(wish));
            result[0] = connection;
            // the address of the old one may have another now
            pool.serveLocked(now);
        });
        return result[0];
    }

    /** Takes the lock if it must: what the connection is dialled as; who waits for it may then see it does so in vain. */
    void dialling(HotConnection connection, HttpVersionPolicy policy, boolean secure) {
        connection.setVersionPolicy(policy);
        boolean http1 =
                policy == HttpVersionPolicy.FORCE_HTTP_1 || (!secure && policy != HttpVersionPolicy.FORCE_HTTP_2);
        if (http1 && pool.coldStart.protocol() != ColdStart.Protocol.HTTP1) {
            pool.decide(now -> {
                pool.coldStart.onlyHttp1(connection);
                pool.serveLocked(now);
            });
        }
    }

    /** Takes the lock: the connection can take exchanges. */
    void opened(HotConnection connection) {
        pool.decide(now -> {
            boolean http2 = connection.isHttp2();
            pool.coldStart.opened(connection, http2);
            connection.lastUsedNanos = now;
            connection.lastCheckedNanos = now;
            connection.shared = http2 && context.settings().multiplexing();
            boolean available = connection.opened() == LeaseState.Left.AVAILABLE;
            if (available) {
                context.idle.incrementAndGet();
                connection.passivate();
            }
            if (pool.isClosed()) {
                pool.retireLocked(connection, CloseReason.POOL_CLOSED);
            } else if (connection.over) {
                pool.retireLocked(connection, CloseReason.ENDED);
            } else if (connection.isRetired()) {
                pool.slots.closeIfUnused(connection, now);
            } else if (!pool.targets.mayKeep(connection)) {
                pool.retireLocked(connection, CloseReason.ADDRESS_OUT);
            } else {
                pool.list(connection, available);
                pool.targets.opened(connection);
            }
            pool.tallies.opened(connection, now - connection.createdNanos);
            pool.upkeep.opened(now);
            pool.upkeep.readyChanged(now);
            pool.serveLocked(now);
            pool.effects().opened(connection, now - connection.createdNanos);
            pool.effects().wakeBy(pool.upkeep.due(connection, now));
        });
    }

    /** Takes the lock: the opening failed. The slot stays with the lease, if there is one, until that is released. */
    void failed(HotConnection connection, Exception cause) {
        connection.failure = cause;
        if (!connection.isProbe && !(cause instanceof CancellationException)) {
            pool.outcomes.connectFailed(cause);
        }
        pool.tallies.of(connection.target).increment(Tally.Count.OPEN_FAILED);
        pool.decide(now -> {
            pool.coldStart.failed(connection, !pool.queue.isEmpty());
            if (connection.inUse() == 0) {
                pool.upkeep.openFailed(now);
            }
            pool.upkeep.readyChanged(now);
            pool.retireLocked(connection, CloseReason.NOT_OPENED);
            pool.serveLocked(now);
            pool.effects().openFailed(cause);
        });
    }
}
