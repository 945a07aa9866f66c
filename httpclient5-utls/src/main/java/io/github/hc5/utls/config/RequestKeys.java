package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.AT_ONCE;
import static io.github.hc5.utls.config.ConfigKey.Change.NEW_CONNECTIONS;
import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The keys of {@code [prewarm]} and {@code [timeouts]}. */
final class RequestKeys {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    private RequestKeys() {}

    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>(prewarm());
        keys.addAll(timeouts());
        return keys;
    }

    private static List<ConfigKey<?>> prewarm() {
        return new KeyTable("prewarm")
                .each(
                        "hosts.<host>",
                        ValueType.integer(1, 100_000),
                        (d, host, v) -> {
                            PrewarmSettings.route(host);
                            d.prewarm.hosts.put(host, v);
                        },
                        RESTART,
                        "5",
                        "Connections opened at the start to a host such as \"https://example.com\".")
                .key(
                        "batch_size",
                        ValueType.integer(1, 100_000),
                        c -> c.prewarm().batchSize(),
                        (d, v) -> d.prewarm.batchSize = v,
                        RESTART,
                        "Connections begun at a time.")
                .key(
                        "batch_interval",
                        ValueType.duration(Duration.ZERO, DAY),
                        c -> c.prewarm().batchInterval(),
                        (d, v) -> d.prewarm.batchInterval = v,
                        RESTART,
                        "The pause between batches.")
                .key(
                        "concurrency",
                        ValueType.integer(1, 100_000),
                        c -> c.prewarm().concurrency(),
                        (d, v) -> d.prewarm.concurrency = v,
                        RESTART,
                        "Connections that may be opening at once.")
                .key(
                        "timeout",
                        ValueType.duration(MILLI, DAY),
                        c -> c.prewarm().timeout(),
                        (d, v) -> d.prewarm.timeout = v,
                        RESTART,
                        "For the whole of a host.")
                .key(
                        "retries",
                        ValueType.integer(0, 1000),
                        c -> c.prewarm().retries(),
                        (d, v) -> d.prewarm.retries = v,
                        RESTART,
                        "How often an opening that failed is tried again.")
                .key(
                        "validate",
                        ValueType.bool(),
                        c -> c.prewarm().validate(),
                        (d, v) -> d.prewarm.validate = v,
                        RESTART,
                        "Whether each connection is checked once it is open.")
                .optional(
                        "validate_path",
                        ValueType.text("a path that begins with /", text -> text.startsWith("/") ? null : ""),
                        (d, v) -> d.prewarm.validatePath = v,
                        RESTART,
                        "\"/\"",
                        "Checks each connection by a HEAD request for this path.")
                .keys();
    }

    private static List<ConfigKey<?>> timeouts() {
        return new KeyTable("timeouts")
                .key(
                        "handshake",
                        ValueType.duration(MILLI, DAY),
                        c -> c.pool().handshakeTimeout(),
                        (d, v) -> d.pool.handshakeTimeout(v),
                        NEW_CONNECTIONS,
                        "For one whole TLS handshake; pool.conn_timeout is for the connect before it.")
                .key(
                        "response",
                        ValueType.duration(MILLI, DAY),
                        c -> c.timeouts().response(),
                        (d, v) -> d.timeouts.response(v),
                        AT_ONCE,
                        "For the wait for a response and for each further part of it.")
                .key(
                        "operation",
                        ValueType.duration(MILLI, Durations.LONGEST),
                        c -> c.timeouts().operation(),
                        (d, v) -> d.timeouts.operation(v),
                        AT_ONCE,
                        "For all tries and redirects of a request, to the end of the response.")
                .key(
                        "close",
                        ValueType.duration(Duration.ZERO, DAY),
                        c -> c.pool().closeTimeout(),
                        (d, v) -> d.pool.closeTimeout(v),
                        AT_ONCE,
                        "How long a graceful close waits for requests in flight.")
                .key(
                        "adaptive",
                        ValueType.bool(),
                        c -> c.timeouts().adaptive(),
                        (d, v) -> d.timeouts.adaptive(v),
                        AT_ONCE,
                        "Whether the response timeout follows the response times of each host.")
                .key(
                        "adaptive_factor",
                        ValueType.number(1, 100),
                        c -> c.timeouts().adaptiveFactor(),
                        (d, v) -> d.timeouts.adaptiveFactor(v),
                        AT_ONCE,
                        "The multiple of the mean response time that is waited then.")
                .key(
                        "adaptive_floor",
                        ValueType.duration(MILLI, DAY),
                        c -> c.timeouts().adaptiveFloor(),
                        (d, v) -> d.timeouts.adaptiveFloor(v),
                        AT_ONCE,
                        "The least that is waited then.")
                .key(
                        "adaptive_ceiling",
                        ValueType.duration(MILLI, DAY),
                        c -> c.timeouts().adaptiveCeiling(),
                        (d, v) -> d.timeouts.adaptiveCeiling(v),
                        AT_ONCE,
                        "The most; at least adaptive_floor.")
                .keys();
    }
}
