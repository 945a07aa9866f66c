package io.github.hc5.utls.pool;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.HttpRoute;

/**
 * What was found out about a route.
 *
 * @param addresses those of its first hop, in the order in which they are tried
 * @param protocol what a new connection speaks
 * @param retired connections retired because their address is none of these
 * @param opening how long that new connection took to open
 */
public record RouteDiscovery(
        HttpRoute route, List<InetSocketAddress> addresses, String protocol, int retired, Duration opening) {

    public RouteDiscovery {
        addresses = List.copyOf(addresses);
    }
}
