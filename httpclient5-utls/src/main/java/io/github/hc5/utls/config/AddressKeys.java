package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.AT_ONCE;
import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import io.github.hc5.utls.address.BanRule;
import io.github.hc5.utls.address.RotationPolicy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The keys of {@code [whitelist]}, {@code [blacklist]}, {@code [rotation]} and {@code [bans]}. */
final class AddressKeys {

    private AddressKeys() {}

    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>(lists());
        keys.addAll(rotation());
        keys.addAll(bans());
        return keys;
    }

    private static List<ConfigKey<?>> lists() {
        List<ConfigKey<?>> keys = new ArrayList<>();
        keys.addAll(new KeyTable("whitelist")
                .key(
                        "ips",
                        Texts.blocks(),
                        c -> List.of(),
                        (d, v) -> v.forEach(d.filter::allow),
                        AT_ONCE,
                        "Addresses that may be dialled; none: all that nothing forbids.")
                .keys());
        keys.addAll(new KeyTable("blacklist")
                .key(
                        "ips",
                        Texts.blocks(),
                        c -> List.of(),
                        (d, v) -> v.forEach(d.filter::deny),
                        AT_ONCE,
                        "Addresses that are never dialled.")
                .key(
                        "private_ranges",
                        ValueType.bool(),
                        c -> false,
                        (d, v) -> d.filter.privateGuard(v),
                        AT_ONCE,
                        "Whether private and reserved ranges are dialled only where the whitelist names them.")
                .keys());
        return keys;
    }

    private static List<ConfigKey<?>> rotation() {
        return new KeyTable("rotation")
                .key(
                        "policy",
                        ValueType.choice(RotationPolicy.class),
                        c -> c.addresses().rotation(),
                        (d, v) -> d.addresses.rotation(v),
                        RESTART,
                        "How requests are spread over the addresses of a host.")
                .key(
                        "happy_eyeballs_delay",
                        ValueType.duration(Duration.ofMillis(10), Duration.ofSeconds(2)),
                        c -> c.addresses().happyEyeballsDelay(),
                        (d, v) -> d.addresses.happyEyeballsDelay(v),
                        RESTART,
                        "How long one address is waited for before the next is tried beside it (RFC 8305).")
                .each(
                        "weights.<address>",
                        ValueType.integer(1, 1000),
                        (d, address, v) -> d.weights.put(Texts.address(address), v),
                        RESTART,
                        "3",
                        "The weight of an address under policy \"weighted\"; 1 for those not named.")
                .each(
                        "addresses.<host>",
                        Texts.addresses(),
                        (d, host, v) -> d.fixedAddresses.put(host, List.<InetAddress>copyOf(v)),
                        RESTART,
                        "[\"192.0.2.1\", \"192.0.2.2\"]",
                        "More addresses of a host, besides what DNS says.")
                .keys();
    }

    private static List<ConfigKey<?>> bans() {
        return new KeyTable("bans")
                .key(
                        "statuses",
                        Texts.statuses(100),
                        c -> statuses(c.bans().rules()),
                        (d, v) -> d.banRules.put("*", v),
                        AT_ONCE,
                        "Statuses of responses that ban the address that gave them; none: no bans.")
                .each(
                        "rules.<hosts>",
                        Texts.statuses(100),
                        (d, hosts, v) -> d.banRules.put(Texts.pattern(hosts).text(), v),
                        AT_ONCE,
                        "[403, 429]",
                        "The same for \"*.example.com\" or one host; the most specific counts.")
                .key(
                        "growth",
                        ValueType.number(1, 10),
                        c -> c.bans().growth(),
                        (d, v) -> d.bans.growth(v),
                        AT_ONCE,
                        "By what pool.blacklist_check_interval is multiplied for each further ban in a row.")
                .key(
                        "max_time",
                        ValueType.duration(Duration.ofSeconds(1), Durations.LONGEST),
                        c -> c.bans().maxBanTime(),
                        (d, v) -> d.bans.maxBanTime(v),
                        AT_ONCE,
                        "No ban lasts longer; at least pool.blacklist_check_interval.")
                .key(
                        "probe",
                        ValueType.bool(),
                        c -> c.bans().probe(),
                        (d, v) -> d.bans.probe(v),
                        AT_ONCE,
                        "Whether a banned address is asked by the pool before it returns.")
                .key(
                        "probe_path",
                        ValueType.text("a path that begins with /", text -> text.startsWith("/") ? null : ""),
                        c -> c.bans().probePath(),
                        (d, v) -> d.bans.probePath(v),
                        AT_ONCE,
                        "What it is asked for, with HEAD.")
                .key(
                        "max_bans",
                        ValueType.integer(1, 10_000_000),
                        c -> c.bans().maxBans(),
                        (d, v) -> d.bans.maxBans(v),
                        RESTART,
                        "Bans that are remembered; the least recently used are forgotten.")
                .keys();
    }

    private static Set<Integer> statuses(List<BanRule> rules) {
        Set<Integer> statuses = new TreeSet<>();
        rules.forEach(rule -> statuses.addAll(rule.statuses()));
        return statuses;
    }
}
