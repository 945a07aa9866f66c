package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.PoolHealth;
import io.github.hc5.utls.pool.AddressSnapshot;
import io.github.hc5.utls.pool.ConnectionSnapshot;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolSnapshot;
import io.github.hc5.utls.pool.RouteSnapshot;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/** What the dashboard shows, as records that become JSON. Thread-safe. */
final class LiveView {

    /** A page shows no more than this; it says how many there are. */
    private static final int MAX_HOSTS = 200;

    private static final int MAX_CONNECTIONS = 200;
    private static final double NANOS_IN_MS = 1e6;

    private final HotConnectionManager manager;
    private final Fetches fetches;
    private final FetchMeter meter;

    LiveView(HotConnectionManager manager, Fetches fetches, FetchMeter meter) {
        this.manager = manager;
        this.fetches = fetches;
        this.meter = meter;
    }

    /** The last minutes, for a page that begins. */
    record History(int seconds, List<FetchMeter.Point> points) {}

    /** The present. */
    record Now(
            Status status,
            Work work,
            Pool pool,
            int hostCount,
            List<Host> hosts,
            int connectionCount,
            List<Connection> connections,
            List<Banned> bans,
            List<Share> profiles,
            List<FetchMeter.Point> points) {}

    /** How the pool fares. */
    record Status(String state, String reason) {}

    /** What callers want. */
    record Work(int streams, int urlsOpen, long total, long failed) {}

    /** The pool in numbers. */
    record Pool(int open, int max, int leased, int available, int opening, int inFlight, int waiting) {}

    /** One route. {@code success} is a share. */
    record Host(
            String host,
            String state,
            String reason,
            int requests,
            double success,
            double latencyMs,
            int connections,
            int max,
            int inFlight,
            int waiting,
            List<Address> addresses) {}

    /** One address of a route. */
    record Address(
            String address, String ip, String state, boolean banned, int connections, int opening, double latencyMs) {}

    /** One connection. */
    record Connection(
            String id,
            String host,
            String state,
            @Nullable String protocol,
            @Nullable String remote,
            @Nullable String profile,
            long ageSeconds,
            int inFlight,
            long leases) {}

    /** One ban. */
    record Banned(String address, @Nullable String host, int count, long remainingSeconds, String reason) {}

    /** How many connections show a browser. */
    record Share(String profile, int connections) {}

    History history() {
        return new History(FetchMeter.SECONDS, meter.since(-1));
    }

    Now now() {
        PoolSnapshot snapshot = manager.snapshot();
        PoolHealth.Report health = manager.health();
        List<Ban> bans = manager.addresses().bans();
        Set<InetAddress> banned = new HashSet<>();
        bans.forEach(ban -> banned.add(ban.address()));
        FetchMeter.Totals totals = meter.totals();
        List<Connection> connections = new ArrayList<>();
        Map<String, Integer> profiles = new TreeMap<>();
        int count = 0;
        for (RouteSnapshot route : snapshot.routes()) {
            for (ConnectionSnapshot connection : route.connections()) {
                count++;
                if (connection.profile() != null) {
                    profiles.merge(connection.profile(), 1, Integer::sum);
                }
                if (connections.size() < MAX_CONNECTIONS) {
                    connections.add(connection(route.route(), connection));
                }
            }
        }
        return new Now(
                new Status(health.state().name(), health.reason()),
                new Work(fetches.streams(), fetches.urls(), totals.total(), totals.failed()),
                new Pool(
                        snapshot.open(),
                        snapshot.maxTotal(),
                        snapshot.count(ConnectionSnapshot.State.LEASED),
                        snapshot.count(ConnectionSnapshot.State.AVAILABLE),
                        snapshot.count(ConnectionSnapshot.State.OPENING),
                        snapshot.inFlight(),
                        snapshot.waiting()),
                snapshot.routes().size(),
                hosts(snapshot, banned),
                count,
                connections,
                bans.stream().map(LiveView::banned).toList(),
                profiles.entrySet().stream()
                        .map(each -> new Share(each.getKey(), each.getValue()))
                        .sorted(Comparator.comparingInt(Share::connections).reversed())
                        .toList(),
                meter.since(meter.last() - 2));
    }

    /** The hosts that need a look first, then those with most to do. */
    private List<Host> hosts(PoolSnapshot snapshot, Set<InetAddress> banned) {
        return snapshot.routes().stream()
                .map(route -> host(route, banned))
                .sorted(Comparator.comparing((Host host) -> host.state().equals(HostHealth.State.WELL.name()))
                        .thenComparing(Host::host))
                .limit(MAX_HOSTS)
                .toList();
    }

    private Host host(RouteSnapshot snapshot, Set<InetAddress> banned) {
        HostHealth.Report health = manager.addresses().hostHealth(snapshot.route());
        List<AddressSnapshot> addresses = manager.addresses().of(snapshot.route());
        return new Host(
                name(snapshot.route()),
                health == null ? HostHealth.State.WELL.name() : health.state().name(),
                health == null ? "" : health.reason(),
                health == null ? 0 : health.requests(),
                health == null ? 1 : health.successShare(),
                health == null ? 0 : ms(health.meanLatency()),
                snapshot.connections().size(),
                snapshot.maxConnections(),
                snapshot.inFlight(),
                snapshot.waiting(),
                addresses.stream().map(address -> address(address, banned)).toList());
    }

    private static Address address(AddressSnapshot snapshot, Set<InetAddress> banned) {
        InetAddress ip = snapshot.address().getAddress();
        boolean isBanned = ip != null && banned.contains(ip);
        String state = isBanned || snapshot.denied()
                ? "BANNED"
                : snapshot.excluded() ? "EXCLUDED" : snapshot.state().name();
        return new Address(
                String.valueOf(FetchResults.address(snapshot.address())),
                ip == null ? "" : ip.getHostAddress(),
                state,
                isBanned || snapshot.state() == AddressHealth.State.OUT,
                snapshot.connections(),
                snapshot.opening(),
                ms(snapshot.latency()));
    }

    private static Connection connection(HttpRoute route, ConnectionSnapshot snapshot) {
        return new Connection(
                snapshot.id(),
                name(route),
                snapshot.state().name(),
                snapshot.protocol(),
                FetchResults.address(snapshot.remote()),
                snapshot.profile(),
                snapshot.age().toSeconds(),
                snapshot.inFlight(),
                snapshot.leases());
    }

    private static Banned banned(Ban ban) {
        return new Banned(
                ban.address().getHostAddress(),
                ban.host(),
                ban.count(),
                ban.remaining().toSeconds(),
                ban.reason());
    }

    private static String name(HttpRoute route) {
        return route.getTargetHost().toURI();
    }

    private static double ms(Duration time) {
        return time.toNanos() / NANOS_IN_MS;
    }
}
