package io.github.hc5.utls.pool;

import java.util.List;
import org.apache.hc.client5.http.HttpRoute;

/**
 * One route at one moment.
 *
 * @param maxConnections its limit
 * @param waiting leases that wait
 * @param connections those that hold a slot: opening, open, closing
 */
public record RouteSnapshot(HttpRoute route, int maxConnections, int waiting, List<ConnectionSnapshot> connections) {

    public RouteSnapshot {
        connections = List.copyOf(connections);
    }

    /** How many connections are in this state. */
    public int count(ConnectionSnapshot.State state) {
        int n = 0;
        for (ConnectionSnapshot c : connections) {
            n += c.state() == state ? 1 : 0;
        }
        return n;
    }

    /** Leases held now. */
    public int inFlight() {
        return connections.stream().mapToInt(ConnectionSnapshot::inFlight).sum();
    }
}
