package io.github.hc5.utls.spring;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.PoolHealth;
import io.github.hc5.utls.pool.AddressSnapshot;
import io.github.hc5.utls.pool.ConnectionSnapshot;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolSnapshot;
import io.github.hc5.utls.pool.RouteSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** Pools as maps of plain values, for the actuator. Times are in milliseconds. */
final class PoolPictures {

    private PoolPictures() {}

    /** Returns a manager with its routes, their connections and addresses. */
    static Map<String, Object> manager(HotConnectionManager manager) {
        PoolSnapshot snapshot = manager.snapshot();
        PoolHealth.Report health = manager.health();
        Map<String, Object> picture = new LinkedHashMap<>();
        picture.put("state", health.state().name());
        picture.put("reason", health.reason());
        picture.put("open", snapshot.open());
        picture.put("maxTotal", snapshot.maxTotal());
        picture.put("maxPerHost", manager.getDefaultMaxPerRoute());
        picture.put("maxIdle", snapshot.maxIdle());
        picture.put("inFlight", snapshot.inFlight());
        picture.put("waiting", snapshot.waiting());
        picture.put(
                "routes",
                snapshot.routes().stream().map(route -> route(manager, route)).toList());
        picture.put(
                "bans",
                manager.addresses().bans().stream().map(PoolPictures::ban).toList());
        return picture;
    }

    private static Map<String, Object> route(HotConnectionManager manager, RouteSnapshot route) {
        Map<String, Object> picture = new LinkedHashMap<>();
        picture.put("route", name(route.route()));
        picture.put("maxConnections", route.maxConnections());
        picture.put("inFlight", route.inFlight());
        picture.put("waiting", route.waiting());
        picture.putAll(health(manager, route.route()));
        picture.put(
                "connections",
                route.connections().stream().map(PoolPictures::connection).toList());
        picture.put(
                "addresses",
                manager.addresses().of(route.route()).stream()
                        .map(PoolPictures::address)
                        .toList());
        return picture;
    }

    /** Returns how each host of a manager fares, by the route's name. */
    static Map<String, Object> hosts(HotConnectionManager manager) {
        Map<String, Object> hosts = new LinkedHashMap<>();
        for (HttpRoute route : manager.getRoutes()) {
            hosts.put(name(route), health(manager, route));
        }
        return hosts;
    }

    private static Map<String, Object> health(HotConnectionManager manager, HttpRoute route) {
        HostHealth.Report report = manager.addresses().hostHealth(route);
        if (report == null) {
            return Map.of();
        }
        Map<String, Object> picture = new LinkedHashMap<>();
        picture.put("health", report.state().name());
        picture.put("healthReason", report.reason());
        picture.put("requests", report.requests());
        picture.put("successShare", report.successShare());
        picture.put("meanLatencyMillis", report.meanLatency().toMillis());
        return picture;
    }

    private static Map<String, Object> connection(ConnectionSnapshot connection) {
        Map<String, Object> picture = new LinkedHashMap<>();
        picture.put("id", connection.id());
        picture.put("state", connection.state().name());
        put(picture, "protocol", connection.protocol());
        put(picture, "remote", connection.remote());
        put(picture, "local", connection.local());
        put(picture, "profile", connection.profile());
        picture.put("ageMillis", connection.age().toMillis());
        picture.put("idleMillis", connection.idle().toMillis());
        picture.put("inFlight", connection.inFlight());
        picture.put("leases", connection.leases());
        return picture;
    }

    private static Map<String, Object> address(AddressSnapshot address) {
        Map<String, Object> picture = new LinkedHashMap<>();
        picture.put("address", address.address().toString());
        picture.put("state", address.state().name());
        picture.put("excluded", address.excluded());
        picture.put("denied", address.denied());
        picture.put("connections", address.connections());
        picture.put("latencyMillis", address.latency().toMillis());
        return picture;
    }

    static Map<String, Object> ban(Ban ban) {
        Map<String, Object> picture = new LinkedHashMap<>();
        picture.put("address", ban.address().getHostAddress());
        put(picture, "host", ban.host());
        picture.put("count", ban.count());
        picture.put("remainingMillis", ban.remaining().toMillis());
        picture.put("reason", ban.reason());
        return picture;
    }

    private static void put(Map<String, Object> picture, String name, @Nullable Object value) {
        if (value != null) {
            picture.put(name, value.toString());
        }
    }

    private static String name(HttpRoute route) {
        String target = route.getTargetHost().toURI();
        HttpHost proxy = route.getProxyHost();
        String through = proxy == null ? target : target + " via " + proxy.toHostString();
        return route.getLocalAddress() == null
                ? through
                : through + " from " + route.getLocalAddress().getHostAddress();
    }

    /** Returns the pools by name, each with a manager or several. */
    static Map<String, Object> pools(List<UtlsPool> pools) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (UtlsPool pool : pools) {
            all.put(
                    pool.name(),
                    pool.managers().stream().map(PoolPictures::manager).toList());
        }
        return all;
    }
}
