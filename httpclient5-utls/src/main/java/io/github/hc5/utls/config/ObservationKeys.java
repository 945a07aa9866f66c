package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.AT_ONCE;
import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import io.github.hc5.utls.http.WireTracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The keys of {@code [metrics]} and {@code [log]}. */
final class ObservationKeys {

    private static final int MOST = 100_000;

    private ObservationKeys() {}

    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>();
        keys.addAll(metrics());
        keys.addAll(log());
        return keys;
    }

    private static List<ConfigKey<?>> metrics() {
        return new KeyTable("metrics")
                .key(
                        "enabled",
                        ValueType.bool(),
                        UtlsConfig::metrics,
                        (d, v) -> d.metrics = v,
                        RESTART,
                        "Whether the figures of the pool are in Micrometer's global registry; needs micrometer-core.")
                .key(
                        "name",
                        ValueType.text("a string that is not empty"),
                        c -> c.meters().name(),
                        (d, v) -> d.meters.name(v),
                        RESTART,
                        "The name of the pool, in the tag httpclient of each meter.")
                .key(
                        "max_hosts",
                        ValueType.integer(0, MOST),
                        c -> c.meters().maxHosts(),
                        (d, v) -> d.meters.maxHosts(v),
                        RESTART,
                        "Hosts that get meters of their own, the first that come; all others share \"other\".")
                .key(
                        "hosts",
                        ValueType.list(
                                ValueType.text("a host"),
                                true,
                                "hosts such as \"www.example.com\" or \"www.example.com:8443\", each once"),
                        c -> c.meters().hosts(),
                        (d, v) -> d.meters.hosts(v),
                        RESTART,
                        "Hosts that get meters of their own in any case.")
                .key(
                        "max_profiles",
                        ValueType.integer(0, MOST),
                        c -> c.meters().maxProfiles(),
                        (d, v) -> d.meters.maxProfiles(v),
                        RESTART,
                        "Profiles that get meters of their own.")
                .key(
                        "max_addresses",
                        ValueType.integer(0, MOST),
                        c -> c.meters().maxAddresses(),
                        (d, v) -> d.meters.maxAddresses(v),
                        RESTART,
                        "Addresses that get meters of their own.")
                .key(
                        "response_timer",
                        ValueType.bool(),
                        c -> c.meters().responseTimer(),
                        (d, v) -> d.meters.responseTimer(v),
                        RESTART,
                        "Whether each exchange is recorded in a timer, which may have histogram buckets.")
                .key(
                        "refresh",
                        ValueType.duration(Duration.ZERO, Duration.ofHours(1)),
                        c -> c.meters().refresh(),
                        (d, v) -> d.meters.refresh(v),
                        RESTART,
                        "Readings within this time share one look at the pool.")
                .key(
                        "flight_recorder",
                        ValueType.bool(),
                        UtlsConfig::flightRecorder,
                        (d, v) -> d.flightRecorder = v,
                        RESTART,
                        "Whether the pool tells Java Flight Recorder what it does, where somebody records.")
                .keys();
    }

    private static List<ConfigKey<?>> log() {
        return new KeyTable("log")
                .key(
                        "wire",
                        ValueType.choice(WireTracing.class),
                        UtlsConfig::wireTracing,
                        (d, v) -> d.wireTracing = v,
                        AT_ONCE,
                        "What is written of HTTP to the logger io.github.hc5.utls.wire at INFO, never bodies or secrets;"
                                + " off: what its level says.")
                .keys();
    }
}
