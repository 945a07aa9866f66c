package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.AT_ONCE;
import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The keys of {@code [health]}, {@code [retry]}, {@code [breaker]} and {@code [rate]}. */
final class HealthKeys {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    private HealthKeys() {}

    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>();
        keys.addAll(health());
        keys.addAll(retry());
        keys.addAll(breaker());
        keys.addAll(rate());
        return keys;
    }

    private static List<ConfigKey<?>> health() {
        return new KeyTable("health")
                .key(
                        "window",
                        ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                        c -> c.health().window(),
                        (d, v) -> d.health.window(v),
                        RESTART,
                        "The time over which success rates and latencies are taken.")
                .key(
                        "min_requests",
                        ValueType.integer(1, 1_000_000_000),
                        c -> c.health().minRequests(),
                        (d, v) -> d.health.minRequests(v),
                        RESTART,
                        "Fewer requests in a window say nothing of a success rate.")
                .key(
                        "dial_failures",
                        ValueType.integer(1, 1_000_000_000),
                        c -> c.health().dialFailures(),
                        (d, v) -> d.health.dialFailures(v),
                        RESTART,
                        "Failed dials in a row that eject an address.")
                .key(
                        "exchange_failures",
                        ValueType.integer(1, 1_000_000_000),
                        c -> c.health().exchangeFailures(),
                        (d, v) -> d.health.exchangeFailures(v),
                        RESTART,
                        "Failed requests in a row that eject an address.")
                .key(
                        "ejection_time",
                        ValueType.duration(MILLI, DAY),
                        c -> c.health().ejectionTime(),
                        (d, v) -> d.health.ejectionTime(v),
                        RESTART,
                        "Of the first ejection of an address; each further one doubles it.")
                .key(
                        "max_ejection_time",
                        ValueType.duration(MILLI, DAY),
                        c -> c.health().maxEjectionTime(),
                        (d, v) -> d.health.maxEjectionTime(v),
                        RESTART,
                        "No ejection lasts longer; at least ejection_time.")
                .key(
                        "max_out_share",
                        ValueType.number(0, 1),
                        c -> c.health().maxOutShare(),
                        (d, v) -> d.health.maxOutShare(v),
                        RESTART,
                        "The largest share of the addresses of a host that may be out at once; one always stays.")
                .key(
                        "panic_share",
                        ValueType.number(0, 1),
                        c -> c.health().panicShare(),
                        (d, v) -> d.health.panicShare(v),
                        RESTART,
                        "Below this share of well addresses all are used; 0: never.")
                .key(
                        "overload_share",
                        ValueType.number(0.001, 1),
                        c -> c.health().overloadShare(),
                        (d, v) -> d.health.overloadShare(v),
                        RESTART,
                        "Above this share of leased connections the pool is in overload.")
                .key(
                        "success_share",
                        ValueType.number(0, 1),
                        c -> c.health().successShare(),
                        (d, v) -> d.health.successShare(v),
                        RESTART,
                        "Below this share of successful requests the pool is unhealthy.")
                .key(
                        "host_failures",
                        ValueType.integer(1, 1_000_000_000),
                        c -> c.health().hostFailures(),
                        (d, v) -> d.health.hostFailures(v),
                        RESTART,
                        "Failures in a row, of whichever addresses, after which a host has failed.")
                .key(
                        "recovery_time",
                        ValueType.duration(MILLI, DAY),
                        c -> c.health().recoveryTime(),
                        (d, v) -> d.health.recoveryTime(v),
                        RESTART,
                        "How long a failed host is left before it is discovered anew.")
                .keys();
    }

    private static List<ConfigKey<?>> retry() {
        return new KeyTable("retry")
                .key(
                        "connect_tries",
                        ValueType.integer(1, 1000),
                        c -> c.retry().connectTries(),
                        (d, v) -> d.retry.connectTries(v),
                        AT_ONCE,
                        "Tries, the first one included, where no connection came about.")
                .key(
                        "connect_window",
                        ValueType.duration(MILLI, DAY),
                        c -> c.retry().connectWindow(),
                        (d, v) -> d.retry.connectWindow(v),
                        AT_ONCE,
                        "No such try begins later than this after the first.")
                .key(
                        "unstable_tries",
                        ValueType.integer(1, 1000),
                        c -> c.retry().unstableTries(),
                        (d, v) -> d.retry.unstableTries(v),
                        AT_ONCE,
                        "Tries where a connection broke, or the server did not take the request up.")
                .key(
                        "unstable_window",
                        ValueType.duration(MILLI, DAY),
                        c -> c.retry().unstableWindow(),
                        (d, v) -> d.retry.unstableWindow(v),
                        AT_ONCE,
                        "No such try begins later than this after the first.")
                .key(
                        "banned_tries",
                        ValueType.integer(1, 1000),
                        c -> c.retry().bannedTries(),
                        (d, v) -> d.retry.bannedTries(v),
                        AT_ONCE,
                        "Tries where the answer bans the address; each on another one.")
                .key(
                        "busy_tries",
                        ValueType.integer(1, 1000),
                        c -> c.retry().busyTries(),
                        (d, v) -> d.retry.busyTries(v),
                        AT_ONCE,
                        "Tries where the server asks to come back later.")
                .key(
                        "busy_window",
                        ValueType.duration(MILLI, DAY),
                        c -> c.retry().busyWindow(),
                        (d, v) -> d.retry.busyWindow(v),
                        AT_ONCE,
                        "For those, their waits included.")
                .key(
                        "busy_statuses",
                        Texts.statuses(300),
                        c -> c.retry().busyStatuses(),
                        (d, v) -> d.retry.busyStatuses(v),
                        AT_ONCE,
                        "Statuses that ask to come back later.")
                .key(
                        "banned_statuses",
                        Texts.statuses(300),
                        c -> c.retry().bannedStatuses(),
                        (d, v) -> d.retry.bannedStatuses(v),
                        AT_ONCE,
                        "Statuses after which another address is tried.")
                .key(
                        "first_backoff",
                        ValueType.duration(MILLI, DAY),
                        c -> c.retry().firstBackoff(),
                        (d, v) -> d.retry.firstBackoff(v),
                        AT_ONCE,
                        "The most that is waited before the second try; doubled for each further one.")
                .key(
                        "max_backoff",
                        ValueType.duration(MILLI, DAY),
                        c -> c.retry().maxBackoff(),
                        (d, v) -> d.retry.maxBackoff(v),
                        AT_ONCE,
                        "What doubling ends at; at least first_backoff.")
                .key(
                        "budget_share",
                        ValueType.number(0, 1),
                        c -> c.retry().budgetShare(),
                        (d, v) -> d.retry.budgetShare(v),
                        AT_ONCE,
                        "The share of extra requests that retries may add, over all hosts.")
                .key(
                        "budget_window",
                        ValueType.duration(MILLI, DAY),
                        c -> c.retry().budgetWindow(),
                        (d, v) -> d.retry.budgetWindow(v),
                        AT_ONCE,
                        "The time over which that share is taken.")
                .key(
                        "budget_floor",
                        ValueType.integer(0, 1_000_000_000),
                        c -> c.retry().budgetFloor(),
                        (d, v) -> d.retry.budgetFloor(v),
                        AT_ONCE,
                        "Retries in that time that are allowed however few requests there are.")
                .key(
                        "held_body",
                        ValueType.integer(0, 1_000_000_000),
                        c -> c.retry().heldBody(),
                        (d, v) -> d.retry.heldBody(v),
                        AT_ONCE,
                        "Bytes up to which a response is handed on only when it is whole, so that a break can be"
                                + " repaired.")
                .keys();
    }

    private static List<ConfigKey<?>> breaker() {
        return new KeyTable("breaker")
                .key(
                        "enabled",
                        ValueType.bool(),
                        c -> c.breaker().enabled(),
                        (d, v) -> d.breaker.enabled(v),
                        AT_ONCE,
                        "Whether a host that fails too often is left alone for a while.")
                .key(
                        "failure_share",
                        ValueType.number(0.001, 1),
                        c -> c.breaker().failureShare(),
                        (d, v) -> d.breaker.failureShare(v),
                        AT_ONCE,
                        "The share of failures from which on it is.")
                .key(
                        "min_requests",
                        ValueType.integer(1, 1_000_000_000),
                        c -> c.breaker().minRequests(),
                        (d, v) -> d.breaker.minRequests(v),
                        AT_ONCE,
                        "Fewer requests within the window say nothing.")
                .key(
                        "window",
                        ValueType.duration(MILLI, DAY),
                        c -> c.breaker().window(),
                        (d, v) -> d.breaker.window(v),
                        AT_ONCE,
                        "The time over which failures are counted.")
                .key(
                        "open_time",
                        ValueType.duration(MILLI, DAY),
                        c -> c.breaker().openTime(),
                        (d, v) -> d.breaker.openTime(v),
                        AT_ONCE,
                        "How long it is left alone.")
                .key(
                        "probes",
                        ValueType.integer(1, 1000),
                        c -> c.breaker().probes(),
                        (d, v) -> d.breaker.probes(v),
                        AT_ONCE,
                        "Requests that are let through after that, and must all succeed.")
                .keys();
    }

    private static List<ConfigKey<?>> rate() {
        return new KeyTable("rate")
                .key(
                        "per_second",
                        ValueType.number(0, 1e6),
                        c -> c.rate().perSecond(),
                        (d, v) -> d.rate.perSecond(v),
                        AT_ONCE,
                        "Requests to one host that begin in a second; 0: no limit.")
                .key(
                        "burst",
                        ValueType.integer(1, 1_000_000_000),
                        c -> c.rate().burst(),
                        (d, v) -> d.rate.burst(v),
                        AT_ONCE,
                        "Requests that may begin at once after a pause.")
                .key(
                        "max_in_flight",
                        ValueType.integer(0, 1_000_000_000),
                        c -> c.rate().maxInFlight(),
                        (d, v) -> d.rate.maxInFlight(v),
                        AT_ONCE,
                        "Requests to one host in flight; 0: no limit.")
                .key(
                        "max_wait",
                        ValueType.duration(Duration.ZERO, DAY),
                        c -> c.rate().maxWait(),
                        (d, v) -> d.rate.maxWait(v),
                        AT_ONCE,
                        "A request that would have to wait longer for its turn fails at once.")
                .keys();
    }
}
