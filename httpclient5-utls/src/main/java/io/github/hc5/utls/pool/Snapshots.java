package io.github.hc5.utls.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.hc.core5.pool.PoolStats;

/** Takes pictures of host pools, each under the lock of its pool. */
final class Snapshots {

    private Snapshots() {}

    static PoolSnapshot of(PoolContext context, List<HostPool> pools) {
        long now = context.clock.getAsLong();
        List<RouteSnapshot> routes = new ArrayList<>(pools.size());
        for (HostPool pool : pools) {
            List<HotConnection> connections = connections(pool);
            List<ConnectionSnapshot> pictures = new ArrayList<>(connections.size());
            connections.forEach(c -> pictures.add(c.snapshot(now)));
            routes.add(new RouteSnapshot(pool.route, pool.maxConnections(), pool.waiting(), pictures));
        }
        return new PoolSnapshot(context.total.open(), context.total.max(), context.maxIdle(), routes);
    }

    static List<HotConnection> connections(HostPool pool) {
        List<HotConnection> copy = new ArrayList<>();
        pool.decide(now -> copy.addAll(pool.slots.view()));
        return copy;
    }

    /** As {@link #stats(HostPool)}, over all routes. */
    static PoolStats stats(PoolContext context, Collection<HostPool> pools) {
        int leased = 0;
        int available = 0;
        int pending = 0;
        for (HostPool pool : pools) {
            PoolStats stats = stats(pool);
            leased += stats.getLeased();
            available += stats.getAvailable();
            pending += stats.getPending();
        }
        return new PoolStats(leased, pending, available, context.total.max());
    }

    /** In the terms of HttpClient: opening connections count as leased, closing ones as neither. */
    static PoolStats stats(HostPool pool) {
        int leased = 0;
        int available = 0;
        for (HotConnection c : connections(pool)) {
            switch (c.state()) {
                case OPENING, LEASED -> leased++;
                case AVAILABLE, CHECKING -> available++;
                case RETIRED -> leased += c.inUse() > 0 ? 1 : 0;
            }
        }
        return new PoolStats(leased, pool.waiting(), available, pool.maxConnections());
    }

    /** Since when the longest unused connection of the pool has been unused; {@code Long.MAX_VALUE} if there is none. */
    static long oldestUnused(HostPool pool) {
        long oldest = Long.MAX_VALUE;
        for (HotConnection c : connections(pool)) {
            if (c.isUnused() && !c.isRetired()) {
                oldest = Math.min(oldest, c.lastUsedNanos);
            }
        }
        return oldest;
    }
}
