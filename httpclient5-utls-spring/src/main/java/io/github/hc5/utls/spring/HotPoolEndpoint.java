package io.github.hc5.utls.spring;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.convert.DurationStyle;

/**
 * The actuator endpoint {@code hotpool}: what the pools are doing, and what can be done to them while they run. A wrong
 * argument is answered with 400 and says what is allowed. Thread-safe.
 */
@Endpoint(id = "hotpool")
public final class HotPoolEndpoint {

    private static final Duration BAN = Duration.ofMinutes(5);

    private final UtlsPools pools;

    /** Shows and changes these pools. */
    public HotPoolEndpoint(UtlsPools pools) {
        this.pools = pools;
    }

    /** Returns all pools by name. */
    @ReadOperation
    public Map<String, Object> pools() {
        return Map.of("pools", PoolPictures.pools(pools.all()));
    }

    /** Returns one pool, {@code null} where there is none of the name. */
    @ReadOperation
    public @Nullable Map<String, Object> pool(@Selector String pool) {
        return pools.names().contains(pool) ? Map.of("pools", PoolPictures.pools(List.of(pools.get(pool)))) : null;
    }

    /**
     * Changes a pool.
     *
     * @param action {@code ban} or {@code lift} an {@code address}, {@code prewarm} {@code connections} to a {@code url}, or
     *     set {@code limits}
     * @param pool a pool's name; by default all pools for bans, and the default pool for the rest
     * @param address an IP address
     * @param duration of a ban, as {@code 30s} or {@code PT5M}; five minutes by default
     * @param url scheme, host and port, as {@code https://example.com}; with {@code limits}, whose {@code maxPerHost} is set
     * @param connections how many to open; 1 by default
     * @param maxTotal the most connections of the pool
     * @param maxPerHost the most connections of a host
     * @param maxIdle the most connections without a request in flight
     * @return what was done
     */
    @WriteOperation
    public Map<String, Object> change(
            @Selector String action,
            @Nullable String pool,
            @Nullable String address,
            @Nullable String duration,
            @Nullable String url,
            @Nullable Integer connections,
            @Nullable Integer maxTotal,
            @Nullable Integer maxPerHost,
            @Nullable Integer maxIdle) {
        return switch (action) {
            case "ban" -> ban(all(pool), address(address), duration(duration));
            case "lift" -> lift(all(pool), address(address));
            case "prewarm" -> prewarm(one(pool), route(url), connections == null ? 1 : connections);
            case "limits" -> limits(one(pool), url, maxTotal, maxPerHost, maxIdle);
            default -> throw wrong("action", action, "ban, lift, prewarm or limits");
        };
    }

    private static Map<String, Object> ban(List<UtlsPool> targets, InetAddress address, Duration time) {
        managers(targets).forEach(manager -> manager.addresses().ban(address, time));
        return Map.of("banned", address.getHostAddress(), "duration", time.toString());
    }

    private static Map<String, Object> lift(List<UtlsPool> targets, InetAddress address) {
        boolean lifted = false;
        for (HotConnectionManager manager : managers(targets)) {
            lifted |= manager.addresses().lift(address);
        }
        return Map.of("address", address.getHostAddress(), "lifted", lifted);
    }

    private static Map<String, Object> prewarm(UtlsPool pool, HttpRoute route, int connections) {
        if (connections < 1) {
            throw wrong("connections", String.valueOf(connections), "1 or more");
        }
        pool.manager().prewarm(route, connections);
        return Map.of("prewarming", route.getTargetHost().toURI(), "connections", connections);
    }

    private static Map<String, Object> limits(
            UtlsPool pool,
            @Nullable String url,
            @Nullable Integer maxTotal,
            @Nullable Integer maxPerHost,
            @Nullable Integer maxIdle) {
        HttpRoute route = url == null ? null : route(url);
        least("maxTotal", maxTotal, 1);
        least("maxPerHost", maxPerHost, 1);
        least("maxIdle", maxIdle, 0);
        Map<String, Object> now = new LinkedHashMap<>();
        for (HotConnectionManager manager : pool.managers()) {
            if (maxTotal != null) {
                manager.setMaxTotal(maxTotal);
            }
            if (maxPerHost != null && route != null) {
                manager.setMaxPerRoute(route, maxPerHost);
                now.put(route.getTargetHost().toURI(), manager.getMaxPerRoute(route));
            } else if (maxPerHost != null) {
                manager.setDefaultMaxPerRoute(maxPerHost);
            }
            if (maxIdle != null) {
                manager.setMaxIdle(maxIdle);
            }
            now.put("maxTotal", manager.getMaxTotal());
            now.put("maxPerHost", manager.getDefaultMaxPerRoute());
            now.put("maxIdle", manager.getMaxIdle());
        }
        return now;
    }

    private static List<HotConnectionManager> managers(List<UtlsPool> targets) {
        return targets.stream().flatMap(pool -> pool.managers().stream()).toList();
    }

    private List<UtlsPool> all(@Nullable String name) {
        return name == null ? pools.all() : List.of(one(name));
    }

    private UtlsPool one(@Nullable String name) {
        if (name != null && !pools.names().contains(name)) {
            throw wrong("pool", name, "one of " + pools.names());
        }
        return name == null ? pools.defaultPool() : pools.get(name);
    }

    private static InetAddress address(@Nullable String text) {
        // a name would be resolved, which this is no place for
        if (text != null && (text.indexOf(':') >= 0 || text.matches("\\d{1,3}(\\.\\d{1,3}){3}"))) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                // said below
            }
        }
        throw wrong("address", text, "an IP address");
    }

    private static Duration duration(@Nullable String text) {
        if (text == null) {
            return BAN;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw wrong("duration", text, "a positive duration such as 30s or PT5M");
    }

    private static HttpRoute route(@Nullable String text) {
        if (text != null && (text.startsWith("https://") || text.startsWith("http://"))) {
            try {
                HttpHost host = HttpHost.create(text);
                return new HttpRoute(
                        RoutingSupport.normalize(host, null),
                        null,
                        host.getSchemeName().equals("https"));
            } catch (URISyntaxException | IllegalArgumentException e) {
                // said below
            }
        }
        throw wrong("url", text, "scheme, host and port, such as https://example.com");
    }

    private static void least(String name, @Nullable Integer value, int least) {
        if (value != null && value < least) {
            throw wrong(name, value.toString(), least + " or more");
        }
    }

    private static InvalidEndpointRequestException wrong(String name, @Nullable String value, String allowed) {
        String message = name + " is " + (value == null ? "missing" : "'" + value + "'") + ", must be " + allowed;
        return new InvalidEndpointRequestException(message, message);
    }
}
