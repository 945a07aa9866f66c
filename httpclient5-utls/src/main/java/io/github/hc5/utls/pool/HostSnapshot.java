package io.github.hc5.utls.pool;

/**
 * One host at one moment, over all routes to it (directly, through proxies, from source addresses).
 *
 * @param host its name, with its port where that is not the usual one of its scheme
 * @param maxConnections the sum of its routes' limits
 * @param open connections that hold a slot: opening, open, closing
 * @param active connections leased or opening
 * @param idle connections open and unused, or being checked
 * @param healthy connections on which a request could be sent now
 * @param inFlight leases held
 * @param waiting leases that wait
 * @param figures what has happened since the pool was made
 */
public record HostSnapshot(
        String host,
        int maxConnections,
        int open,
        int active,
        int idle,
        int healthy,
        int inFlight,
        int waiting,
        PoolFigures figures) {

    /** What is left of a host whose routes the pool has given up. */
    static HostSnapshot past(String host, PoolFigures figures) {
        return new HostSnapshot(host, 0, 0, 0, 0, 0, 0, 0, figures);
    }

    static HostSnapshot of(RouteSnapshot route) {
        return new HostSnapshot(
                route.host(),
                route.maxConnections(),
                route.connections().size(),
                route.active(),
                route.idle(),
                route.healthy(),
                route.inFlight(),
                route.waiting(),
                route.figures());
    }

    /** Returns the sum of both, under the name of this one. */
    public HostSnapshot plus(HostSnapshot other) {
        return new HostSnapshot(
                host,
                maxConnections + other.maxConnections,
                open + other.open,
                active + other.active,
                idle + other.idle,
                healthy + other.healthy,
                inFlight + other.inFlight,
                waiting + other.waiting,
                figures.plus(other.figures));
    }
}
