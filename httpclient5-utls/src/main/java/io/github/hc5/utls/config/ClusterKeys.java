package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import io.github.hc5.utls.cluster.ClusterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The keys of {@code [cluster]}. */
final class ClusterKeys {

    private static final Duration MILLI = Duration.ofMillis(1);

    private ClusterKeys() {}

    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>();
        keys.addAll(cluster());
        return keys;
    }

    private static List<ConfigKey<?>> cluster() {
        return new KeyTable("cluster")
                .optional(
                        "addresses",
                        ValueType.list(
                                ValueType.text("an address"),
                                false,
                                "one or more of redis://host:port or rediss://host:port, each once"),
                        (d, v) -> d.clusterAddresses = v,
                        RESTART,
                        "[\"redis://localhost:6379\"]",
                        "Redis, through which machines share limits and bans; not set: nothing is shared.")
                .key(
                        "mode",
                        ValueType.choice(ClusterSettings.Mode.class),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.mode(),
                        (d, v) -> d.cluster.mode(v),
                        RESTART,
                        "How Redis is deployed.")
                .optional(
                        "master_name",
                        ValueType.text("a string that is not empty"),
                        (d, v) -> d.cluster.masterName(v),
                        RESTART,
                        "\"mymaster\"",
                        "The master that the sentinels watch (mode \"sentinel\").")
                .optional(
                        "username",
                        ValueType.text("a string that is not empty"),
                        (d, v) -> d.cluster.username(v),
                        RESTART,
                        "\"utls\"",
                        "The user in the access control list of Redis; comes with password.")
                .secret("password", (d, v) -> d.cluster.password(v), RESTART, "The password of Redis.")
                .optional(
                        "trust_store",
                        TlsKeys.file(),
                        (d, v) -> d.cluster.trustStore(v),
                        RESTART,
                        "\"redis-ca.p12\"",
                        "Authorities of the certificate of Redis, PKCS #12 or JKS, in place of the JDK's.")
                .secret(
                        "trust_store_password",
                        (d, v) -> d.cluster.trustStorePassword(v),
                        RESTART,
                        "The password of trust_store.")
                .key(
                        "key_prefix",
                        ValueType.text(
                                "1 to 100 characters without braces and white space",
                                text -> text.matches("[^{}\\s]{1,100}") ? null : ""),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.keyPrefix(),
                        (d, v) -> d.cluster.keyPrefix(v),
                        RESTART,
                        "With which all keys and channels begin; who shares it shares limits and bans.")
                .key(
                        "max_per_host",
                        ValueType.integer(0, 1_000_000_000),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.maxPerHost(),
                        (d, v) -> d.cluster.maxPerHost(v),
                        RESTART,
                        "Connections that all machines together may have to one host; 0: no such limit.")
                .each(
                        "host_limits.<host>",
                        ValueType.integer(0, 1_000_000_000),
                        (d, host, v) -> d.clusterLimits.put(host, v),
                        RESTART,
                        "50",
                        "The same for one host.")
                .key(
                        "max_total",
                        ValueType.integer(0, 1_000_000_000),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.maxTotal(),
                        (d, v) -> d.cluster.maxTotal(v),
                        RESTART,
                        "Connections that all machines may have together; 0: no such limit.")
                .key(
                        "rate",
                        ValueType.integer(0, 1_000_000_000),
                        c -> c.sharedRate().map(SharedRateSettings::count).orElse(0),
                        (d, v) -> d.sharedRate = v,
                        RESTART,
                        "Requests to one host that all machines together may begin in each rate_interval; 0: no such"
                                + " limit.")
                .key(
                        "rate_interval",
                        ValueType.duration(MILLI, Duration.ofDays(1)),
                        c -> Duration.ofSeconds(1),
                        (d, v) -> d.sharedRateInterval = v,
                        RESTART,
                        "The time that rate is about.")
                .key(
                        "lease",
                        ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.lease(),
                        (d, v) -> d.cluster.lease(v),
                        RESTART,
                        "For how long permits are kept for a machine that is not heard of.")
                .key(
                        "heartbeat",
                        ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.heartbeat(),
                        (d, v) -> d.cluster.heartbeat(v),
                        RESTART,
                        "How often a machine renews what it holds; at most a third of lease.")
                .key(
                        "timeout",
                        ValueType.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.timeout(),
                        (d, v) -> d.cluster.timeout(v),
                        RESTART,
                        "How long an answer of Redis may take before the pool goes on without.")
                .key(
                        "block_size",
                        ValueType.integer(1, 1000),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.blockSize(),
                        (d, v) -> d.cluster.blockSize(v),
                        RESTART,
                        "Permits asked for at once at most.")
                .key(
                        "min_backoff",
                        ValueType.duration(Duration.ofMillis(1), Duration.ofHours(1)),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.minBackoff(),
                        (d, v) -> d.cluster.minBackoff(v),
                        RESTART,
                        "The first pause after Redis had no permit left.")
                .key(
                        "max_backoff",
                        ValueType.duration(Duration.ofMillis(1), Duration.ofHours(1)),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.maxBackoff(),
                        (d, v) -> d.cluster.maxBackoff(v),
                        RESTART,
                        "The longest pause, reached by doubling; at least min_backoff.")
                .key(
                        "policy",
                        ValueType.choice(ClusterSettings.Policy.class),
                        c -> ConfigDraft.CLUSTER_DEFAULTS.policy(),
                        (d, v) -> d.cluster.policy(v),
                        RESTART,
                        "What holds while Redis cannot be asked: a share of the limits, the pool's own only, or"
                                + " nothing new.")
                .keys();
    }
}
