package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.health.PoolHealth;
import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment: an immutable picture that later changes do not touch.
 *
 * @param open connections that hold a slot of the total limit: opening, open, closing
 * @param maxTotal the total limit
 * @param maxPerRoute the limit of each route that has none of its own
 * @param maxIdle the idle limit
 * @param routes every route the pool knows
 * @param past what happened on routes that the pool has given up since
 * @param health how the pool fares
 * @param bans the bans in force
 * @param resources what the process and the pool's threads use
 */
public record PoolSnapshot(
        int open,
        int maxTotal,
        int maxPerRoute,
        int maxIdle,
        List<RouteSnapshot> routes,
        List<Past> past,
        PoolHealth.Report health,
        List<Ban> bans,
        ResourceUse resources) {

    /**
     * What happened on routes to a host before the pool gave them up because nobody had used them for long.
     *
     * @param host empty where there have been too many to tell apart
     */
    public record Past(String host, @Nullable String profile, PoolFigures figures) {}

    public PoolSnapshot {
        routes = List.copyOf(routes);
        past = List.copyOf(past);
        bans = List.copyOf(bans);
    }

    /** How many connections are in this state, over all routes. */
    public int count(ConnectionSnapshot.State state) {
        return sum(r -> r.count(state));
    }

    /** Connections leased or opening, over all routes. */
    public int active() {
        return sum(RouteSnapshot::active);
    }

    /** Connections open and unused, over all routes. */
    public int idle() {
        return sum(RouteSnapshot::idle);
    }

    /** Connections on which a request could be sent now, over all routes. */
    public int healthy() {
        return sum(RouteSnapshot::healthy);
    }

    /** Leases held now, over all routes. */
    public int inFlight() {
        return sum(RouteSnapshot::inFlight);
    }

    /** Leases that wait, over all routes. */
    public int waiting() {
        return sum(RouteSnapshot::waiting);
    }

    private int sum(ToIntFunction<RouteSnapshot> of) {
        return routes.stream().mapToInt(of).sum();
    }

    /** What has happened since the pool was made. */
    public PoolFigures figures() {
        PoolFigures sum = PoolFigures.NONE;
        for (RouteSnapshot route : routes) {
            sum = sum.plus(route.figures());
        }
        for (Past gone : past) {
            sum = sum.plus(gone.figures());
        }
        return sum;
    }

    /** By host: see {@link RouteSnapshot#host()}. */
    public Map<String, HostSnapshot> hosts() {
        Map<String, HostSnapshot> hosts = new LinkedHashMap<>();
        for (RouteSnapshot route : routes) {
            hosts.merge(route.host(), HostSnapshot.of(route), HostSnapshot::plus);
        }
        for (Past gone : past) {
            hosts.merge(gone.host(), HostSnapshot.past(gone.host(), gone.figures()), HostSnapshot::plus);
        }
        return Collections.unmodifiableMap(hosts);
    }

    /** What has happened by the address of the first hop, on the routes the pool knows. */
    public Map<InetAddress, PoolFigures> addresses() {
        Map<InetAddress, PoolFigures> addresses = new LinkedHashMap<>();
        for (RouteSnapshot route : routes) {
            for (RouteSnapshot.Part part : route.parts()) {
                if (part.address() != null) {
                    addresses.merge(part.address(), part.figures(), PoolFigures::plus);
                }
            }
        }
        return Collections.unmodifiableMap(addresses);
    }

    /** What has happened on connections that show a browser, by the name of its profile. */
    public Map<String, PoolFigures> profiles() {
        Map<String, PoolFigures> profiles = new LinkedHashMap<>();
        for (RouteSnapshot route : routes) {
            for (RouteSnapshot.Part part : route.parts()) {
                if (part.profile() != null) {
                    profiles.merge(part.profile(), part.figures(), PoolFigures::plus);
                }
            }
        }
        for (Past gone : past) {
            if (gone.profile() != null) {
                profiles.merge(gone.profile(), gone.figures(), PoolFigures::plus);
            }
        }
        return Collections.unmodifiableMap(profiles);
    }
}
