package io.github.hc5.utls.metrics;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.pool.AddressSnapshot;
import io.github.hc5.utls.pool.CloseReason;
import io.github.hc5.utls.pool.HostSnapshot;
import io.github.hc5.utls.pool.PoolFigures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Every meter that is read from pictures of a pool, by what the picture is of. */
final class MeterTable {

    static final String POOL_TAG = "httpclient";
    static final String HOST_TAG = "host";
    static final String PROFILE_TAG = "profile";
    static final String ADDRESS_TAG = "address";
    static final String OUTCOME_TAG = "outcome";
    /** As Micrometer tags percentiles that are gauges; Prometheus has "quantile" for summaries alone. */
    static final String QUANTILE_TAG = "phi";

    /** The timer that exchanges are recorded in one by one. */
    static final String RESPONSE = "utls.pool.response";

    static final String RESPONSE_DESCRIPTION =
            "Exchanges, from handing the request to the connection to the end of the response or of the attempt";

    private static final double[] QUANTILES = {0.5, 0.95, 0.99};

    private MeterTable() {}

    static List<PoolMeter<HostSnapshot>> ofHost() {
        List<PoolMeter<HostSnapshot>> meters = new ArrayList<>();
        String connections = "Connections that hold a slot of the limits";
        meters.add(PoolMeter.<HostSnapshot>gauge("utls.pool.connections", null, connections, HostSnapshot::active)
                .tagged("state", "active"));
        meters.add(PoolMeter.<HostSnapshot>gauge("utls.pool.connections", null, connections, HostSnapshot::idle)
                .tagged("state", "idle"));
        meters.add(PoolMeter.<HostSnapshot>gauge(
                        "utls.pool.connections", null, connections, h -> h.open() - h.active() - h.idle())
                .tagged("state", "closing"));
        meters.add(PoolMeter.gauge(
                "utls.pool.connections.healthy",
                null,
                "Connections on which a request could be sent now",
                HostSnapshot::healthy));
        meters.add(PoolMeter.gauge(
                "utls.pool.connections.max", null, "Connections allowed", HostSnapshot::maxConnections));
        meters.add(PoolMeter.gauge("utls.pool.leases.held", null, "Leases held", HostSnapshot::inFlight));
        meters.add(PoolMeter.gauge(
                "utls.pool.leases.waiting", null, "Leases that wait for a connection", HostSnapshot::waiting));
        for (PoolMeter<PoolFigures> meter : figures()) {
            meters.add(of(meter, HostSnapshot::figures));
        }
        return meters;
    }

    private static <T> PoolMeter<T> of(PoolMeter<PoolFigures> meter, Function<T, PoolFigures> figures) {
        ToLongFunction<PoolFigures> count = meter.count();
        return new PoolMeter<>(
                meter.kind(),
                meter.name(),
                meter.unit(),
                meter.description(),
                meter.tags(),
                t -> meter.value().applyAsDouble(figures.apply(t)),
                count == null ? null : t -> count.applyAsLong(figures.apply(t)));
    }

    private static List<PoolMeter<PoolFigures>> figures() {
        List<PoolMeter<PoolFigures>> meters = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            meters.add(PoolMeter.<PoolFigures>counter(
                            "utls.pool.requests",
                            null,
                            "Exchanges that are over, by what they came to",
                            f -> f.count(outcome))
                    .tagged(OUTCOME_TAG, MetricNames.key(outcome)));
        }
        meters.add(counter(
                "utls.pool.requests.reused",
                "Exchanges on a connection that had carried one before",
                f -> f.requests() - f.connections().used()));
        meters.add(counter(
                "utls.pool.leases.queued",
                "Leases that had to wait",
                f -> f.leases().queued()));
        meters.add(counter(
                "utls.pool.leases.failed",
                "Leases that ran into their deadline, or whose pool was closed",
                f -> f.leases().failed()));
        meters.add(PoolMeter.timer(
                "utls.pool.lease.wait",
                "How long leases waited that had to and were then given a connection",
                f -> f.leases().granted(),
                f -> seconds(f.leases().waited())));
        meters.add(PoolMeter.timer(
                "utls.pool.connect",
                "Connections opened, from the decision to dial to the open connection",
                f -> f.connections().opened(),
                f -> seconds(f.connections().connectTime())));
        meters.add(counter(
                "utls.pool.connect.failed",
                "Connections that could not be opened",
                f -> f.connections().failed()));
        for (CloseReason reason : CloseReason.values()) {
            meters.add(counter(
                            "utls.pool.connections.closed",
                            "Connections that left the pool, by why",
                            f -> f.connections().closed(reason))
                    .tagged("reason", MetricNames.key(reason)));
        }
        meters.add(PoolMeter.timer(
                "utls.pool.handshake",
                "TLS handshakes completed",
                f -> f.connections().handshakes(),
                f -> seconds(f.connections().handshakeTime())));
        meters.add(counter(
                "utls.pool.handshake.resumed",
                "TLS handshakes that resumed an earlier session",
                f -> f.connections().resumptions()));
        String traffic = "Bytes of HTTP with its framing, without what TLS adds";
        meters.add(PoolMeter.<PoolFigures>counter(
                        "utls.pool.traffic",
                        "bytes",
                        traffic,
                        f -> f.connections().bytesSent())
                .tagged("direction", "sent"));
        meters.add(PoolMeter.<PoolFigures>counter(
                        "utls.pool.traffic",
                        "bytes",
                        traffic,
                        f -> f.connections().bytesReceived())
                .tagged("direction", "received"));
        meters.add(counter("utls.pool.bans", "Addresses banned by what they answered", PoolFigures::bans));
        meters.add(counter(
                "utls.pool.ejections", "Addresses ejected because dials or exchanges failed", PoolFigures::ejections));
        return meters;
    }

    private static PoolMeter<PoolFigures> counter(
            String name, String description, ToDoubleFunction<PoolFigures> value) {
        return PoolMeter.counter(name, null, description, value);
    }

    static List<PoolMeter<PoolFigures>> ofProfile() {
        List<PoolMeter<PoolFigures>> meters = new ArrayList<>();
        meters.addAll(results("utls.pool.profile.requests", "Exchanges on connections that show the profile"));
        meters.add(PoolMeter.timer(
                "utls.pool.profile.response",
                "Exchanges that had a response",
                f -> f.responseTimes().count(),
                f -> seconds(f.responseTimes().total())));
        meters.add(counter(
                "utls.pool.profile.handshakes",
                "TLS handshakes that showed the profile",
                f -> f.connections().handshakes()));
        return meters;
    }

    static List<PoolMeter<AddressFigures>> ofAddress() {
        List<PoolMeter<AddressFigures>> meters = new ArrayList<>();
        for (PoolMeter<PoolFigures> meter : results("utls.pool.address.requests", "Exchanges with the address")) {
            meters.add(of(meter, AddressFigures::figures));
        }
        meters.add(of(
                PoolMeter.timer(
                        "utls.pool.address.response",
                        "Exchanges with the address that had a response",
                        f -> f.responseTimes().count(),
                        f -> seconds(f.responseTimes().total())),
                AddressFigures::figures));
        meters.add(PoolMeter.gauge(
                "utls.pool.address.connections",
                null,
                "Open connections to the address that may be leased",
                AddressFigures::connections));
        meters.add(PoolMeter.gauge(
                "utls.pool.address.usable",
                null,
                "1 while the address is in use, 0 while it is banned, ejected or refused by the filter",
                a -> a.usable() ? 1 : 0));
        return meters;
    }

    /** By result rather than by outcome, to keep the number of series small. */
    private static List<PoolMeter<PoolFigures>> results(String name, String description) {
        return List.of(
                counter(name, description, PoolFigures::successes).tagged("result", "success"),
                counter(name, description, PoolFigures::failures).tagged("result", "failure"),
                counter(name, description, f -> f.requests() - f.successes() - f.failures())
                        .tagged("result", "none"));
    }

    static List<PoolMeter<PoolView>> ofPool() {
        List<PoolMeter<PoolView>> meters = new ArrayList<>();
        // by the names that Micrometer has for the pools of HttpClient, so that dashboards for those serve
        meters.add(PoolMeter.gauge(
                "httpcomponents.httpclient.pool.total.max",
                null,
                "Connections allowed in all",
                v -> v.snapshot().maxTotal()));
        String total = "Connections of all routes; one being opened counts as leased";
        meters.add(PoolMeter.<PoolView>gauge(
                        "httpcomponents.httpclient.pool.total.connections",
                        null,
                        total,
                        v -> v.snapshot().active())
                .tagged("state", "leased"));
        meters.add(PoolMeter.<PoolView>gauge(
                        "httpcomponents.httpclient.pool.total.connections",
                        null,
                        total,
                        v -> v.snapshot().idle())
                .tagged("state", "available"));
        meters.add(PoolMeter.gauge(
                "httpcomponents.httpclient.pool.total.pending",
                null,
                "Leases that wait for a connection",
                v -> v.snapshot().waiting()));
        meters.add(PoolMeter.gauge(
                "httpcomponents.httpclient.pool.route.max.default",
                null,
                "Connections allowed for each route that has no limit of its own",
                v -> v.snapshot().maxPerRoute()));
        for (double quantile : QUANTILES) {
            meters.add(PoolMeter.<PoolView>gauge(
                            "utls.pool.response.time",
                            "seconds",
                            "Within what time so many of the responses of the last one or two minutes were over",
                            v -> seconds(v.recent().responseTimes().percentile(100 * quantile)))
                    .tagged(QUANTILE_TAG, Double.toString(quantile)));
        }
        meters.add(PoolMeter.gauge(
                "utls.pool.success.ratio",
                null,
                "Successes among the exchanges of the last one or two minutes that succeeded or failed",
                v -> v.recent().successRate()));
        meters.add(PoolMeter.gauge(
                "utls.pool.reuse.ratio",
                null,
                "Exchanges of the last one or two minutes whose connection had carried one before",
                v -> v.recent().reuseRate()));
        meters.add(PoolMeter.gauge(
                "utls.pool.health", null, "0 healthy, 1 in overload, 2 unhealthy", v -> switch (v.snapshot()
                        .health()
                        .state()) {
                    case HEALTHY -> 0;
                    case OVERLOAD -> 1;
                    case UNHEALTHY -> 2;
                }));
        meters.add(PoolMeter.gauge(
                "utls.pool.routes",
                null,
                "Routes the pool knows",
                v -> v.snapshot().routes().size()));
        meters.add(PoolMeter.gauge(
                "utls.pool.idle.max",
                null,
                "Connections allowed without an exchange in flight",
                v -> v.snapshot().maxIdle()));
        for (HostHealth.State state : HostHealth.State.values()) {
            meters.add(PoolMeter.<PoolView>gauge(
                            "utls.pool.hosts",
                            null,
                            "Routes by how their host fares",
                            v -> v.snapshot().routes().stream()
                                    .filter(r -> r.health().state() == state)
                                    .count())
                    .tagged("state", MetricNames.key(state)));
        }
        for (AddressHealth.State state : AddressHealth.State.values()) {
            meters.add(PoolMeter.<PoolView>gauge(
                            "utls.pool.addresses",
                            null,
                            "Addresses of all routes by where they stand",
                            v -> v.snapshot().routes().stream()
                                    .flatMap(r -> r.addresses().stream())
                                    .map(AddressSnapshot::state)
                                    .filter(s -> s == state)
                                    .count())
                    .tagged("state", MetricNames.key(state)));
        }
        meters.add(PoolMeter.gauge(
                "utls.pool.bans.active",
                null,
                "Bans in force",
                v -> v.snapshot().bans().size()));
        meters.add(PoolMeter.gauge(
                "utls.pool.threads",
                null,
                "Threads of the pool",
                v -> v.snapshot().resources().poolThreads()));
        meters.add(PoolMeter.counter(
                "utls.pool.cpu",
                "seconds",
                "CPU time of the pool's threads",
                v -> seconds(v.snapshot().resources().poolCpu())));
        return meters;
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
