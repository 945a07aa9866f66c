package io.github.hc5.utls.pool;

import java.util.List;

/**
 * A pool at one moment: an immutable picture that later changes do not touch.
 *
 * @param open connections that hold a slot of the total limit: opening, open, closing
 * @param maxTotal the total limit
 * @param maxIdle the idle limit
 * @param routes every route the pool knows
 */
public record PoolSnapshot(int open, int maxTotal, int maxIdle, List<RouteSnapshot> routes) {

    public PoolSnapshot {
        routes = List.copyOf(routes);
    }

    /** How many connections are in this state, over all routes. */
    public int count(ConnectionSnapshot.State state) {
        return routes.stream().mapToInt(r -> r.count(state)).sum();
    }

    /** Leases held now, over all routes. */
    public int inFlight() {
        return routes.stream().mapToInt(RouteSnapshot::inFlight).sum();
    }

    /** Leases that wait, over all routes. */
    public int waiting() {
        return routes.stream().mapToInt(RouteSnapshot::waiting).sum();
    }
}
