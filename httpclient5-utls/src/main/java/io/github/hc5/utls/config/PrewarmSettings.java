package io.github.hc5.utls.config;

import io.github.hc5.utls.pool.Prewarm;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are opened when the program starts. Immutable; see {@link Prewarm} for what the values mean.
 *
 * @param hosts as {@code https://example.com:443}, each with the number of connections
 */
public record PrewarmSettings(
        Map<String, Integer> hosts,
        int batchSize,
        Duration batchInterval,
        int concurrency,
        Duration timeout,
        int retries,
        boolean validate,
        @Nullable String validatePath) {

    /** Copies the hosts. */
    public PrewarmSettings {
        hosts = Map.copyOf(hosts);
    }

    /** Returns one order for each host. */
    public List<Prewarm> orders() {
        List<Prewarm> orders = new ArrayList<>();
        hosts.forEach((host, connections) -> orders.add(new Prewarm(
                route(host),
                connections,
                batchSize,
                batchInterval,
                concurrency,
                timeout,
                retries,
                validate || validatePath != null,
                validatePath)));
        return orders;
    }

    /** @throws IllegalArgumentException if the text is not a scheme and a host */
    static HttpRoute route(String text) {
        try {
            HttpHost host = HttpHost.create(text);
            boolean secure = host.getSchemeName().equals("https");
            if (text.contains("://") && (secure || host.getSchemeName().equals("http"))) {
                return new HttpRoute(RoutingSupport.normalize(host, null), null, secure);
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a host, must be as https://example.com:443");
    }
}
