package io.github.hc5.utls.config;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.pool.StateSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What holds between several keys. Said where the one stands that was set. */
final class ConfigRules {

    private static final int FEW_PER_HOST = 5;
    private static final int MANY_PER_HOST = 50;

    private final Settings settings;
    private final Problems problems;
    private final List<String> warnings = new ArrayList<>();

    ConfigRules(Settings settings, Problems problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /** Checks all rules; returns what is allowed and yet seldom meant. */
    List<String> check() {
        follows("pool.max_conns_per_host", "pool.max_connections");
        follows("pool.max_idle_conns", "pool.max_connections");
        follows("pool.min_idle_per_host", "pool.max_conns_per_host");
        atMost("timeouts.adaptive_floor", "timeouts.adaptive_ceiling");
        rises("bans.max_time", "pool.blacklist_check_interval");
        atMost("health.ejection_time", "health.max_ejection_time");
        atMost("retry.first_backoff", "retry.max_backoff");
        atMost("sizing.base", "sizing.ceiling");
        atMost("batch.concurrency", "batch.look_ahead");
        atMost("failover.min_stay", "failover.max_stay");
        atMost("cluster.min_backoff", "cluster.max_backoff");
        heartbeatWithinLease();
        needs("state.place", StateSettings.Place.FILE, "state.file");
        needs("state.place", StateSettings.Place.REDIS, "cluster.addresses");
        needs("cluster.mode", ClusterSettings.Mode.SENTINEL, "cluster.master_name");
        needsAnother("cluster.username", "cluster.password");
        needsAnother("cluster.trust_store_password", "cluster.trust_store");
        needsAnother("proxies.username", "proxies.password");
        needsAnother("proxies.password", "proxies.username");
        needs("fingerprint.policy", FingerprintSettings.Policy.PER_KEY, "fingerprint.key");
        needsAnother("tls.trust_store_password", "tls.trust_store");
        needsAnother("tls.key_store_password", "tls.key_store");
        Settings.Setting perHost = settings.get("pool.max_conns_per_host");
        if (perHost != null
                && perHost.origin().line() > 0
                && !perHost.origin().source().startsWith("preset ")
                && ((int) perHost.value() < FEW_PER_HOST || (int) perHost.value() > MANY_PER_HOST)) {
            warnings.add(perHost.origin() + ": pool.max_conns_per_host: is " + perHost.value() + ", usual is from "
                    + FEW_PER_HOST + " to " + MANY_PER_HOST);
        }
        return warnings;
    }

    private static <T> T valueOf(Settings.@Nullable Setting setting, String key, Class<T> type) {
        Object value = setting != null
                ? setting.value()
                : ConfigKeys.find(key).orElseThrow().defaultValue();
        return type.cast(Objects.requireNonNull(value));
    }

    /** The one is at most the other; where nobody has set the one, its default is lowered to the other. */
    private void follows(String less, String more) {
        int most = valueOf(settings.get(more), more, Integer.class);
        if (settings.get(less) == null && valueOf(null, less, Integer.class) > most) {
            settings.put(less, most, Origin.of("default, at most " + more));
        } else {
            atMost(less, more);
        }
    }

    /** The one is at least the other; where nobody has set the one, its default is raised to the other. */
    private void rises(String more, String less) {
        Duration least = valueOf(settings.get(less), less, Duration.class);
        if (settings.get(more) == null && valueOf(null, more, Duration.class).compareTo(least) < 0) {
            settings.put(more, least, Origin.of("default, at least " + less));
        } else {
            atMost(less, more);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // both keys have values of one type
    private void atMost(String less, String more) {
        Settings.Setting low = settings.get(less);
        Settings.Setting high = settings.get(more);
        Comparable lowValue = valueOf(low, less, Comparable.class);
        Comparable highValue = valueOf(high, more, Comparable.class);
        if (lowValue.compareTo(highValue) <= 0) {
            return;
        }
        if (low != null && (high == null || isAsSpecial(low, high))) {
            problems.add(low.origin(), less, said(less, lowValue, "at most", more, highValue, high));
        } else if (high != null) {
            problems.add(high.origin(), more, said(more, highValue, "at least", less, lowValue, low));
        }
    }

    private static boolean isAsSpecial(Settings.Setting one, Settings.Setting other) {
        return !one.origin().source().startsWith("preset ")
                || other.origin().source().startsWith("preset ");
    }

    private static String said(
            String key, Object value, String how, String other, Object otherValue, Settings.@Nullable Setting origin) {
        return "is " + text(key, value) + ", must be " + how + " " + other + ", which is " + text(other, otherValue)
                + " (" + (origin == null ? Origin.DEFAULT : origin.origin()) + ")";
    }

    private static String text(String key, Object value) {
        return ConfigKeys.find(key).orElseThrow().text(value);
    }

    private void heartbeatWithinLease() {
        Settings.Setting heartbeat = settings.get("cluster.heartbeat");
        Settings.Setting lease = settings.get("cluster.lease");
        Duration beat = valueOf(heartbeat, "cluster.heartbeat", Duration.class);
        Duration kept = valueOf(lease, "cluster.lease", Duration.class);
        if (beat.multipliedBy(3).compareTo(kept) <= 0) {
            return;
        }
        if (heartbeat != null) {
            problems.add(
                    heartbeat.origin(),
                    "cluster.heartbeat",
                    said("cluster.heartbeat", beat, "at most a third of", "cluster.lease", kept, lease));
        } else if (lease != null) {
            problems.add(
                    lease.origin(),
                    "cluster.lease",
                    said("cluster.lease", kept, "at least three times", "cluster.heartbeat", beat, heartbeat));
        }
    }

    private void needs(String key, Object value, String other) {
        Settings.Setting set = settings.get(key);
        if (set != null && set.value().equals(value) && settings.get(other) == null) {
            problems.add(set.origin(), key, "is " + text(key, value) + ", must come with " + other);
        }
    }

    private void needsAnother(String key, String other) {
        Settings.Setting set = settings.get(key);
        if (set != null && settings.get(other) == null) {
            problems.add(set.origin(), key, "is set, must come with " + other);
        }
    }
}
