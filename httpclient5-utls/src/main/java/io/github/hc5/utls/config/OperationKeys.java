package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.AT_ONCE;
import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import io.github.hc5.utls.metrics.AlertMetric;
import io.github.hc5.utls.pool.StateSettings;
import io.github.hc5.utls.resilience.CacheSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of {@code [alerts]}, {@code [state]}, {@code [reload]}, {@code [cache]}, {@code [batch]} and {@code [failover]}. */
final class OperationKeys {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    private OperationKeys() {}

    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>();
        keys.addAll(alerts());
        keys.addAll(state());
        keys.addAll(reload());
        keys.addAll(cache());
        keys.addAll(batch());
        keys.addAll(failover());
        return keys;
    }

    private static List<ConfigKey<?>> alerts() {
        return new KeyTable("alerts")
                .key(
                        "enabled",
                        ValueType.bool(),
                        c -> c.alerts().enabled(),
                        (d, v) -> d.alerts.enabled(v),
                        AT_ONCE,
                        "Whether the rules are looked at.")
                .key(
                        "interval",
                        ValueType.duration(Duration.ofSeconds(1), DAY),
                        c -> c.alerts().interval(),
                        (d, v) -> d.alerts.interval(v),
                        AT_ONCE,
                        "The time between two looks.")
                .optional(
                        "webhook",
                        Texts.url(),
                        (d, v) -> d.alerts.webhook(v),
                        AT_ONCE,
                        "\"https://example.com/hook\"",
                        "Where the action \"webhook\" posts to.")
                .key(
                        "webhook_timeout",
                        ValueType.duration(MILLI, DAY),
                        c -> c.alerts().webhookTimeout(),
                        (d, v) -> d.alerts.webhookTimeout(v),
                        AT_ONCE,
                        "For one post.")
                .key(
                        "webhook_tries",
                        ValueType.integer(1, 10),
                        c -> c.alerts().webhookTries(),
                        (d, v) -> d.alerts.webhookTries(v),
                        AT_ONCE,
                        "Posts until one is answered with a status below 300.")
                .key(
                        "scale_factor",
                        ValueType.number(1.001, 10),
                        c -> c.alerts().scaleFactor(),
                        (d, v) -> d.alerts.scaleFactor(v),
                        AT_ONCE,
                        "By what the action \"scale_up\" grows the limits.")
                .key(
                        "scale_ceiling",
                        ValueType.integer(1, 1_000_000),
                        c -> c.alerts().scaleCeiling(),
                        (d, v) -> d.alerts.scaleCeiling(v),
                        AT_ONCE,
                        "The total limit that it does not exceed.")
                .each(
                        "rules.<name>.enabled",
                        ValueType.bool(),
                        (d, name, v) -> d.alert(name).enabled = v,
                        AT_ONCE,
                        "true",
                        "Whether this rule counts; three are there: low-success-rate, high-error-rate,"
                                + " pool-nearly-full.")
                .each(
                        "rules.<name>.metric",
                        ValueType.choice(AlertMetric.class),
                        (d, name, v) -> d.alert(name).metric = v,
                        AT_ONCE,
                        "\"success_rate\"",
                        "What it looks at.")
                .each(
                        "rules.<name>.operator",
                        ValueType.word(List.of("<", "<=", ">", ">=")),
                        (d, name, v) -> d.alert(name).operator = v,
                        AT_ONCE,
                        "\"<\"",
                        "How that is compared with the threshold.")
                .each(
                        "rules.<name>.threshold",
                        ValueType.number(-1e15, 1e15),
                        (d, name, v) -> d.alert(name).threshold = v,
                        AT_ONCE,
                        "0.8",
                        "What it is compared with.")
                .each(
                        "rules.<name>.duration",
                        ValueType.duration(Duration.ZERO, DAY),
                        (d, name, v) -> d.alert(name).duration = v,
                        AT_ONCE,
                        "300",
                        "How long that must hold without a break.")
                .each(
                        "rules.<name>.actions",
                        ValueType.list(
                                ValueType.text("an action"),
                                false,
                                "one or more of log, webhook, scale_up, shutdown or actions of one's own, each once"),
                        (d, name, v) -> d.alert(name).actions = v,
                        AT_ONCE,
                        "[\"log\"]",
                        "What is done when it fires and when it clears.")
                .keys();
    }

    private static List<ConfigKey<?>> state() {
        return new KeyTable("state")
                .key(
                        "place",
                        ValueType.choice(StateSettings.Place.class),
                        c -> c.state().place(),
                        (d, v) -> d.statePlace = v,
                        RESTART,
                        "Where bans, ejections and what was learned of hosts outlive the process.")
                .optional(
                        "file",
                        ValueType.file("the name of a file in a folder that exists", OperationKeys::folderProblem),
                        (d, v) -> d.stateFile = v,
                        RESTART,
                        "\"utls-state.json\"",
                        "The file, for place \"file\".")
                .key(
                        "interval",
                        ValueType.duration(Duration.ofSeconds(1), DAY),
                        c -> c.state().interval(),
                        (d, v) -> d.stateInterval = v,
                        RESTART,
                        "The time between two savings; it is saved at the end, too.")
                .keys();
    }

    private static List<ConfigKey<?>> reload() {
        return new KeyTable("reload")
                .key(
                        "interval",
                        ValueType.duration(Duration.ZERO, DAY),
                        c -> c.reloadInterval(),
                        (d, v) -> d.reloadInterval = v,
                        RESTART,
                        "How often the files are looked at for changes, which are taken over; 0: never.")
                .keys();
    }

    private static List<ConfigKey<?>> cache() {
        return new KeyTable("cache")
                .key(
                        "enabled",
                        ValueType.bool(),
                        c -> c.cache().isPresent(),
                        (d, v) -> d.cacheEnabled = v,
                        RESTART,
                        "Whether a stale stored response is the last resort before an error; needs httpclient5-cache.")
                .key(
                        "max_bytes",
                        ValueType.longInteger(1, 1L << 40),
                        c -> CacheSettings.defaults().maxBytes(),
                        (d, v) -> d.cache.maxBytes(v),
                        RESTART,
                        "Bytes of stored responses in all.")
                .key(
                        "max_body_bytes",
                        ValueType.integer(1, 1_000_000_000),
                        c -> CacheSettings.defaults().maxBodyBytes(),
                        (d, v) -> d.cache.maxBodyBytes(v),
                        RESTART,
                        "Larger bodies are not stored.")
                .key(
                        "keep",
                        ValueType.duration(Duration.ofSeconds(1), Durations.LONGEST),
                        c -> CacheSettings.defaults().keep(),
                        (d, v) -> d.cache.keep(v),
                        RESTART,
                        "How long a response may be stored.")
                .keys();
    }

    private static List<ConfigKey<?>> batch() {
        return new KeyTable("batch")
                .key(
                        "concurrency",
                        ValueType.integer(1, 1_000_000_000),
                        c -> c.batch().concurrency(),
                        (d, v) -> d.batch.concurrency(v),
                        RESTART,
                        "Requests of a batch in flight.")
                .key(
                        "max_per_host",
                        ValueType.integer(0, 1_000_000_000),
                        c -> c.batch().maxPerHost(),
                        (d, v) -> d.batch.maxPerHost(v),
                        RESTART,
                        "Of those, requests to one host; 0: no limit of its own.")
                .key(
                        "look_ahead",
                        ValueType.integer(1, 1_000_000_000),
                        c -> c.batch().lookAhead(),
                        (d, v) -> d.batch.lookAhead(v),
                        RESTART,
                        "Requests taken from the source and not yet delivered; at least concurrency.")
                .key(
                        "ordered",
                        ValueType.bool(),
                        c -> c.batch().ordered(),
                        (d, v) -> d.batch.ordered(v),
                        RESTART,
                        "Whether results are delivered in the order of the source.")
                .keys();
    }

    private static List<ConfigKey<?>> failover() {
        return new KeyTable("failover")
                .key(
                        "probe_interval",
                        ValueType.duration(MILLI, DAY),
                        c -> c.failover().probeInterval(),
                        (d, v) -> d.failover.probeInterval(v),
                        RESTART,
                        "Between two looks at the primary while its backup is in use.")
                .key(
                        "failures_to_switch",
                        ValueType.integer(1, 1_000_000),
                        c -> c.failover().failuresToSwitch(),
                        (d, v) -> d.failover.failuresToSwitch(v),
                        RESTART,
                        "Failed connects in a row after which the backup is used.")
                .key(
                        "probes_to_return",
                        ValueType.integer(1, 1_000_000),
                        c -> c.failover().probesToReturn(),
                        (d, v) -> d.failover.probesToReturn(v),
                        RESTART,
                        "Looks in a row that must find the primary well.")
                .key(
                        "min_stay",
                        ValueType.duration(MILLI, DAY),
                        c -> c.failover().minStay(),
                        (d, v) -> d.failover.minStay(v),
                        RESTART,
                        "How long the backup is used at least; doubled when the primary fails again soon.")
                .key(
                        "max_stay",
                        ValueType.duration(MILLI, DAY),
                        c -> c.failover().maxStay(),
                        (d, v) -> d.failover.maxStay(v),
                        RESTART,
                        "What doubling ends at; at least min_stay.")
                .keys();
    }

    private static @Nullable String folderProblem(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            return "\"" + file + "\" is a folder";
        }
        return folder != null && Files.isDirectory(folder) ? null : "the folder of \"" + file + "\" does not exist";
    }
}
