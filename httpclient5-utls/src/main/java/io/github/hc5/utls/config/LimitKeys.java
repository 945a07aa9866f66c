package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.AT_ONCE;
import static io.github.hc5.utls.config.ConfigKey.Change.NEW_CONNECTIONS;
import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import io.github.hc5.utls.address.RotationPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The keys of {@code [limits]}, {@code [source_addresses]}, {@code [proxies]} and {@code [sizing]}. */
final class LimitKeys {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    private LimitKeys() {}

    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>();
        keys.addAll(limits());
        keys.addAll(sourceAddresses());
        keys.addAll(proxies());
        keys.addAll(scheduling());
        keys.addAll(sizing());
        return keys;
    }

    private static List<ConfigKey<?>> limits() {
        return new KeyTable("limits")
                .each(
                        "<hosts>.connections",
                        ValueType.integer(1, 1_000_000),
                        (d, hosts, v) -> d.limit(hosts).connections(v),
                        AT_ONCE,
                        "20",
                        "Connections to each host of \"*.example.com\" or one host; the most specific counts.")
                .each(
                        "<hosts>.reserve",
                        ValueType.integer(0, 1_000_000),
                        (d, hosts, v) -> d.limit(hosts).reserve(v),
                        AT_ONCE,
                        "10",
                        "Connections of pool.max_connections that no other hosts can take.")
                .each(
                        "<hosts>.rate",
                        ValueType.number(0, 1e6),
                        (d, hosts, v) -> d.limit(hosts).rate(v),
                        AT_ONCE,
                        "5",
                        "Requests to each host that begin in a second; 0: no limit.")
                .each(
                        "<hosts>.burst",
                        ValueType.integer(1, 1_000_000_000),
                        (d, hosts, v) -> d.limit(hosts).burst(v),
                        AT_ONCE,
                        "2",
                        "Requests that may begin at once after a pause.")
                .each(
                        "<hosts>.retries",
                        ValueType.integer(0, 1000),
                        (d, hosts, v) -> d.limit(hosts).retries(v),
                        AT_ONCE,
                        "1",
                        "Tries of a request beyond the first.")
                .each(
                        "<hosts>.profile",
                        ValueType.text("the name or alias of a profile"),
                        (d, hosts, v) -> d.limit(hosts).profile(v),
                        NEW_CONNECTIONS,
                        "\"firefox\"",
                        "The browser that these hosts see.")
                .each(
                        "<hosts>.rotation",
                        ValueType.choice(RotationPolicy.class),
                        (d, hosts, v) -> d.limit(hosts).rotation(v),
                        AT_ONCE,
                        "\"least_used\"",
                        "How requests are spread over the addresses of each host.")
                .keys();
    }

    private static List<ConfigKey<?>> sourceAddresses() {
        return new KeyTable("source_addresses")
                .optional(
                        "addresses",
                        Texts.addresses(),
                        (d, v) -> d.exits.addresses = v,
                        RESTART,
                        "[\"192.0.2.10\", \"192.0.2.11\"]",
                        "Local addresses from which connections come, by turns.")
                .optional(
                        "interface",
                        ValueType.text("the name of a network interface"),
                        (d, v) -> d.exits.networkInterface = v,
                        RESTART,
                        "\"eth0\"",
                        "All addresses that this interface has at the start.")
                .optional(
                        "prefix",
                        ValueType.text("an IPv6 prefix such as \"2001:db8:1::/64\""),
                        (d, v) -> d.exits.prefix = v,
                        RESTART,
                        "\"2001:db8:1::/64\"",
                        "Addresses drawn from this prefix, which must be routed to the machine.")
                .key(
                        "count",
                        ValueType.integer(1, 1024),
                        c -> c.exits().count(),
                        (d, v) -> d.exits.count = v,
                        RESTART,
                        "How many are drawn.")
                .key(
                        "rotation",
                        ValueType.choice(RotationPolicy.class),
                        c -> c.exits().sourceRotation(),
                        (d, v) -> d.exits.sourceRotation = v,
                        RESTART,
                        "How requests are spread over them.")
                .keys();
    }

    private static List<ConfigKey<?>> proxies() {
        return new KeyTable("proxies")
                .optional(
                        "urls",
                        Texts.proxies(),
                        (d, v) -> d.exits.proxies = v,
                        RESTART,
                        "[\"http://proxy1.example.com:3128\"]",
                        "HTTP proxies through which requests go, by turns; with source addresses, each from each.")
                .each(
                        "weights.<url>",
                        ValueType.integer(1, 1000),
                        (d, url, v) -> d.exits.weight(url, v),
                        RESTART,
                        "3",
                        "The weight of a proxy under rotation \"weighted\"; 1 for those not named.")
                .key(
                        "rotation",
                        ValueType.choice(RotationPolicy.class),
                        c -> c.exits().proxyRotation(),
                        (d, v) -> d.exits.proxyRotation = v,
                        RESTART,
                        "How requests are spread over them.")
                .optional(
                        "username",
                        ValueType.text("a string that is not empty"),
                        (d, v) -> d.exits.username = v,
                        RESTART,
                        "\"me\"",
                        "With which proxies are answered that ask for one.")
                .secret("password", (d, v) -> d.exits.password = v, RESTART, "The password that goes with username.")
                .keys();
    }

    private static List<ConfigKey<?>> scheduling() {
        return new KeyTable("scheduling")
                .key(
                        "by_deadline",
                        ValueType.bool(),
                        c -> c.scheduling().byDeadline(),
                        (d, v) -> d.byDeadline = v,
                        AT_ONCE,
                        "Whether of those that wait for a connection the one with the least time left goes first, not"
                                + " the one that came first.")
                .key(
                        "guaranteed_budget",
                        ValueType.duration(MILLI, DAY),
                        c -> c.scheduling().guaranteedBudget(),
                        (d, v) -> d.guaranteedBudget = v,
                        AT_ONCE,
                        "Who had no more time than this at the start goes ahead of all others, in that order.")
                .key(
                        "reserved_share",
                        ValueType.number(0.5, 0.99),
                        c -> c.scheduling().reservedShare(),
                        (d, v) -> d.reservedShare = v,
                        AT_ONCE,
                        "The share of connections that those get while others wait, too.")
                .keys();
    }

    private static List<ConfigKey<?>> sizing() {
        return new KeyTable("sizing")
                .key(
                        "enabled",
                        ValueType.bool(),
                        c -> c.sizing().enabled(),
                        (d, v) -> d.sizing.enabled(v),
                        AT_ONCE,
                        "Whether the limits of the pool follow its load.")
                .key(
                        "base",
                        ValueType.integer(1, 1_000_000),
                        c -> c.sizing().base(),
                        (d, v) -> d.sizing.base(v),
                        AT_ONCE,
                        "The total limit they never fall below.")
                .key(
                        "ceiling",
                        ValueType.integer(1, 1_000_000),
                        c -> c.sizing().ceiling(),
                        (d, v) -> d.sizing.ceiling(v),
                        AT_ONCE,
                        "The total limit they never rise above; at least base.")
                .key(
                        "interval",
                        ValueType.duration(Duration.ofSeconds(1), DAY),
                        c -> c.sizing().interval(),
                        (d, v) -> d.sizing.interval(v),
                        AT_ONCE,
                        "The time between two looks at the load.")
                .key(
                        "expected_concurrency",
                        ValueType.integer(0, 1_000_000),
                        c -> c.sizing().expectedConcurrency(),
                        (d, v) -> d.sizing.expectedConcurrency(v),
                        AT_ONCE,
                        "Requests in flight that are expected at the start; 0: not known.")
                .key(
                        "expected_response_time",
                        ValueType.duration(MILLI, DAY),
                        c -> c.sizing().expectedResponseTime(),
                        (d, v) -> d.sizing.expectedResponseTime(v),
                        AT_ONCE,
                        "The response time that is expected at the start.")
                .keys();
    }
}
