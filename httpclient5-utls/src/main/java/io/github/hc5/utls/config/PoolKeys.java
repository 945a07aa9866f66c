package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.AT_ONCE;
import static io.github.hc5.utls.config.ConfigKey.Change.NEW_CONNECTIONS;
import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import java.time.Duration;
import java.util.List;

/** The keys of {@code [pool]}. */
final class PoolKeys {

    private static final int MOST = 1_000_000;
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    private PoolKeys() {}

    static List<ConfigKey<?>> keys() {
        return new KeyTable("pool")
                .key(
                        "max_connections",
                        ValueType.integer(1, MOST),
                        c -> c.pool().maxTotal(),
                        (d, v) -> d.pool.maxTotal(v),
                        AT_ONCE,
                        "Connections in all, opening ones included.")
                .key(
                        "max_conns_per_host",
                        ValueType.integer(1, MOST),
                        c -> c.pool().maxPerRoute(),
                        (d, v) -> d.pool.maxPerRoute(v),
                        AT_ONCE,
                        "Connections to one host; at most max_connections. Browsers open 6, 5 to 50 is usual.")
                .key(
                        "max_idle_conns",
                        ValueType.integer(0, MOST),
                        c -> c.pool().maxIdle(),
                        (d, v) -> d.pool.maxIdle(v),
                        AT_ONCE,
                        "Connections kept open without a request, over all hosts; at most max_connections.")
                .key(
                        "min_idle_per_host",
                        ValueType.integer(0, MOST),
                        c -> c.pool().minIdlePerRoute(),
                        (d, v) -> d.pool.minIdlePerRoute(v),
                        AT_ONCE,
                        "Connections kept ready for each host in use; at most max_conns_per_host.")
                .key(
                        "conn_timeout",
                        ValueType.duration(MILLI, DAY),
                        c -> c.pool().connectTimeout(),
                        (d, v) -> d.pool.connectTimeout(v),
                        NEW_CONNECTIONS,
                        "For one TCP connect.")
                .key(
                        "idle_timeout",
                        ValueType.duration(Duration.ZERO, Durations.LONGEST),
                        c -> c.pool().idleTimeout(),
                        (d, v) -> d.pool.idleTimeout(v),
                        AT_ONCE,
                        "A connection unused for this long is closed; 0: never.")
                .key(
                        "max_lifetime",
                        ValueType.duration(Duration.ZERO, Durations.LONGEST),
                        c -> c.pool().maxLifetime(),
                        (d, v) -> d.pool.maxLifetime(v),
                        NEW_CONNECTIONS,
                        "An older connection is closed once its requests have ended; 0: never.")
                .key(
                        "lifetime_jitter",
                        ValueType.number(0, 0.5),
                        c -> c.pool().lifetimeJitter(),
                        (d, v) -> d.pool.lifetimeJitter(v),
                        NEW_CONNECTIONS,
                        "Share by which each connection's max_lifetime is shortened at random.")
                .key(
                        "test_timeout",
                        ValueType.duration(MILLI, DAY),
                        c -> c.pool().checkTimeout(),
                        (d, v) -> d.pool.checkTimeout(v),
                        AT_ONCE,
                        "A check of a connection unanswered for this long has failed.")
                .key(
                        "health_check_interval",
                        ValueType.duration(Duration.ZERO, Durations.LONGEST),
                        c -> c.pool().checkInterval(),
                        (d, v) -> d.pool.checkInterval(v),
                        AT_ONCE,
                        "A connection neither used nor checked for this long is checked; 0: never.")
                .key(
                        "cleanup_interval",
                        ValueType.duration(Duration.ofSeconds(1), DAY),
                        UtlsConfig::cleanupInterval,
                        (d, v) -> d.cleanupInterval = v,
                        AT_ONCE,
                        "How often the whole pool is looked through for what has expired.")
                .key(
                        "blacklist_check_interval",
                        ValueType.duration(Duration.ofSeconds(1), Durations.LONGEST),
                        c -> c.bans().banTime(),
                        (d, v) -> d.bans.banTime(v),
                        AT_ONCE,
                        "A banned address is checked after this long, and returns if it answers well.")
                .key(
                        "dns_update_interval",
                        ValueType.duration(Duration.ZERO, Durations.LONGEST),
                        c -> c.addresses().dnsInterval(),
                        (d, v) -> d.addresses.dnsInterval(v),
                        RESTART,
                        "The addresses of a host in use are resolved again, in the background; 0: never.")
                .key(
                        "max_retries",
                        ValueType.integer(0, 100),
                        c -> c.addresses().maxRetries(),
                        (d, v) -> d.addresses.maxRetries(v),
                        RESTART,
                        "Further addresses that one connect tries; [retry] says how often a request is tried.")
                .key(
                        "io_threads",
                        ValueType.integer(0, 1024),
                        UtlsConfig::ioThreads,
                        (d, v) -> d.ioThreads = v,
                        RESTART,
                        "Threads that do all input and output; 0: one for each processor.")
                .key(
                        "multiplexing",
                        ValueType.bool(),
                        c -> c.pool().multiplexing(),
                        (d, v) -> d.pool.multiplexing(v),
                        NEW_CONNECTIONS,
                        "Whether HTTP/2 connections are shared by concurrent requests.")
                .keys();
    }
}
