package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.PoolHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hc.core5.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/** Takes pictures of host pools, each under the lock of its pool. */
final class Snapshots {

    private Snapshots() {}

    static PoolSnapshot of(
            PoolContext context, Supplier<Collection<HostPool>> pools, PoolHealth.Report health, ResourceUse use) {
        for (; ; ) {
            long version = context.gone.version();
            long now = context.clock.getAsLong();
            List<RouteSnapshot> routes = new ArrayList<>();
            for (HostPool pool : pools.get()) {
                RouteSnapshot route = route(pool, now);
                if (route != null) {
                    routes.add(route);
                }
            }
            List<PoolSnapshot.Past> past = context.gone.list();
            // a route given up meanwhile could be among both or neither
            if (context.gone.version() == version) {
                return new PoolSnapshot(
                        context.total.open(),
                        context.total.max(),
                        context.defaultMaxPerRoute(),
                        context.maxIdle(),
                        routes,
                        past,
                        health,
                        context.addressing.bans.list(),
                        use);
            }
        }
    }

    /** {@code null} if the pool has given the route up. */
    private static @Nullable RouteSnapshot route(HostPool pool, long now) {
        List<HotConnection> connections = new ArrayList<>();
        List<RouteSnapshot.Part> parts = new ArrayList<>();
        List<AddressSnapshot> addresses = new ArrayList<>();
        boolean[] forgotten = new boolean[1];
        pool.decide(ignored -> {
            forgotten[0] = pool.isForgotten();
            connections.addAll(pool.slots.view());
            parts.addAll(pool.tallies.parts(connections));
            addresses.addAll(addressesLocked(pool));
        });
        if (forgotten[0]) {
            return null;
        }
        List<ConnectionSnapshot> pictures = new ArrayList<>(connections.size());
        connections.forEach(c -> pictures.add(c.snapshot(now)));
        return new RouteSnapshot(
                pool.route,
                pool.maxConnections(),
                pool.waiting(),
                pictures,
                addresses,
                pool.targets.health.report(now),
                parts);
    }

    static List<AddressSnapshot> addresses(HostPool pool) {
        List<AddressSnapshot> result = new ArrayList<>();
        pool.decide(now -> result.addAll(addressesLocked(pool)));
        return List.copyOf(result);
    }

    private static List<AddressSnapshot> addressesLocked(HostPool pool) {
        List<AddressSnapshot> result = new ArrayList<>();
        for (Target t : pool.targets.list()) {
            result.add(new AddressSnapshot(
                    t.socketAddress,
                    t.health.state(),
                    t.excluded,
                    t.health.isDenied(),
                    t.connections,
                    t.openings,
                    Duration.ofNanos(t.health.latencyNanos())));
        }
        return result;
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
