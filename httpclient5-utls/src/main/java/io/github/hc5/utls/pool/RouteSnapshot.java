package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.HostHealth;
import java.net.InetAddress;
import java.util.List;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.jspecify.annotations.Nullable;

/**
 * One route at one moment.
 *
 * @param maxConnections its limit
 * @param waiting leases that wait
 * @param connections those that hold a slot: opening, open, closing
 * @param addresses of its first hop, as far as they are known, in the order of DNS
 * @param health how its host fares
 * @param parts what has happened, by address and profile; their sum is all that has
 */
public record RouteSnapshot(
        HttpRoute route,
        int maxConnections,
        int waiting,
        List<ConnectionSnapshot> connections,
        List<AddressSnapshot> addresses,
        HostHealth.Report health,
        List<Part> parts) {

    /**
     * What has happened on connections to one address that show one profile.
     *
     * @param address the first hop's; {@code null} for what belongs to none, such as leases that wait
     * @param profile {@code null} without one, and for what comes before it is known, such as connects that fail
     */
    public record Part(
            @Nullable InetAddress address, @Nullable String profile, PoolFigures figures) {}

    public RouteSnapshot {
        connections = List.copyOf(connections);
        addresses = List.copyOf(addresses);
        parts = List.copyOf(parts);
    }

    /** See {@link #host(HttpRoute)}. */
    public String host() {
        return host(route);
    }

    /** The name of the route's target, with its port where that is not the usual one of its scheme. */
    public static String host(HttpRoute route) {
        HttpHost host = route.getTargetHost();
        int usual = URIScheme.HTTPS.same(host.getSchemeName()) ? 443 : 80;
        return host.getPort() < 0 || host.getPort() == usual ? host.getHostName() : host.toHostString();
    }

    /** What has happened since the route was first used. */
    public PoolFigures figures() {
        return parts.stream().map(Part::figures).reduce(PoolFigures.NONE, PoolFigures::plus);
    }

    /** How many connections are in this state. */
    public int count(ConnectionSnapshot.State state) {
        int n = 0;
        for (ConnectionSnapshot c : connections) {
            n += c.state() == state ? 1 : 0;
        }
        return n;
    }

    /** Connections leased or opening; retired ones with an exchange in flight among them. */
    public int active() {
        int n = 0;
        for (ConnectionSnapshot c : connections) {
            boolean leased = c.state() == ConnectionSnapshot.State.LEASED || c.inFlight() > 0;
            n += leased || c.state() == ConnectionSnapshot.State.OPENING ? 1 : 0;
        }
        return n;
    }

    /** Connections open and unused, or being checked. */
    public int idle() {
        return count(ConnectionSnapshot.State.AVAILABLE) + count(ConnectionSnapshot.State.CHECKING);
    }

    /** Connections on which a request could be sent now. */
    public int healthy() {
        int n = 0;
        for (ConnectionSnapshot c : connections) {
            n += c.healthy() ? 1 : 0;
        }
        return n;
    }

    /** Leases held now. */
    public int inFlight() {
        return connections.stream().mapToInt(ConnectionSnapshot::inFlight).sum();
    }
}
