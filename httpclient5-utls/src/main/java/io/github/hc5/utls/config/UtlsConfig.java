package io.github.hc5.utls.config;

import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.health.HealthSettings;
import io.github.hc5.utls.http.WireTracing;
import io.github.hc5.utls.metrics.AlertSettings;
import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.pool.HostLimits;
import io.github.hc5.utls.pool.LeaseScheduling;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.pool.SizingSettings;
import io.github.hc5.utls.pool.StateSettings;
import io.github.hc5.utls.resilience.BatchSettings;
import io.github.hc5.utls.resilience.BreakerSettings;
import io.github.hc5.utls.resilience.CacheSettings;
import io.github.hc5.utls.resilience.FailoverSettings;
import io.github.hc5.utls.resilience.RateSettings;
import io.github.hc5.utls.resilience.RetrySettings;
import io.github.hc5.utls.resilience.TimeoutSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole configuration, checked: the settings of every package, and for each key its value and where that comes from.
 * Immutable. {@link ConfigLoader} makes it.
 */
public final class UtlsConfig {

    /** The browser shown by whoever names none: the newest in the catalogue of the kind most people use. */
    public static final String DEFAULT_PROFILE = "chrome-156";

    private final Optional<String> preset;
    private final PoolSettings pool;
    private final AddressSettings addresses;
    private final BanSettings bans;
    private final TimeoutSettings timeouts;
    private final TlsSettings tls;
    private final FingerprintSettings fingerprint;
    private final HeaderSettings headers;
    private final PrewarmSettings prewarm;
    private final Duration cleanupInterval;
    private final HealthSettings health;
    private final AddressFilter filter;
    private final HostLimits limits;
    private final RetrySettings retry;
    private final BreakerSettings breaker;
    private final RateSettings rate;
    private final BatchSettings batch;
    private final FailoverSettings failover;
    private final SizingSettings sizing;
    private final AlertSettings alerts;
    private final StateSettings state;
    private final ExitSettings exits;
    private final Duration reloadInterval;
    private final Optional<ClusterSettings> cluster;
    private final Optional<CacheSettings> cache;
    private final int ioThreads;
    private final boolean metrics;
    private final MetricsSettings meters;
    private final boolean flightRecorder;
    private final WireTracing wireTracing;
    private final LeaseScheduling scheduling;
    private final Optional<SharedRateSettings> sharedRate;
    private final Map<Settings.Slot, Settings.Setting> set;
    private final List<String> contents;
    private final List<ConfigValue> values;
    private final List<String> warnings;

    /** @throws IllegalArgumentException if a record refuses what the rules let pass */
    UtlsConfig(ConfigDraft draft, Settings settings, List<ConfigValue> values, List<String> warnings) {
        this.preset = Optional.ofNullable(draft.preset);
        this.pool = draft.pool.build();
        this.addresses = draft.addressSettings();
        this.bans = draft.banSettings();
        this.timeouts = draft.timeouts
                .connect(pool.connectTimeout())
                .handshake(pool.handshakeTimeout())
                .build();
        this.tls = draft.tls.build();
        this.fingerprint = draft.fingerprint.build();
        this.headers = draft.headers.build();
        this.prewarm = draft.prewarm.build();
        this.cleanupInterval = draft.cleanupInterval;
        this.health = draft.health.build();
        this.filter = draft.filter.build();
        this.limits = draft.hostLimits();
        this.retry = draft.retry.build();
        this.breaker = draft.breaker.build();
        this.rate = draft.rate.build();
        this.batch = draft.batch.build();
        this.failover = draft.failover.build();
        this.sizing = draft.sizing.build();
        this.alerts = draft.alertSettings();
        this.state = draft.stateSettings();
        this.exits = draft.exits.build();
        this.reloadInterval = draft.reloadInterval;
        this.cluster = Optional.ofNullable(draft.clusterSettings());
        this.ioThreads = draft.ioThreads;
        this.metrics = draft.metrics;
        this.meters = draft.meters.build();
        this.flightRecorder = draft.flightRecorder;
        this.wireTracing = draft.wireTracing;
        this.scheduling = new LeaseScheduling(draft.byDeadline, draft.guaranteedBudget, draft.reservedShare);
        this.sharedRate = draft.sharedRate == 0
                ? Optional.empty()
                : Optional.of(new SharedRateSettings(draft.sharedRate, draft.sharedRateInterval));
        CacheSettings stored = draft.cache.build();
        this.cache = draft.cacheEnabled ? Optional.of(stored) : Optional.empty();
        limits.checkWithin(pool.maxTotal());
        this.set = settings.copy();
        this.contents = draft.contents;
        this.values = List.copyOf(values);
        this.warnings = List.copyOf(warnings);
    }

    /** Read on first use, so that the keys can be declared before. */
    private static final class Defaults {
        private static final UtlsConfig CONFIG =
                new UtlsConfig(new ConfigDraft(), new Settings(), List.of(), List.of());
    }

    /** Returns the settings that nothing was set in; without {@link #values()}, which a loader of no layers has. */
    public static UtlsConfig defaults() {
        return Defaults.CONFIG;
    }

    /** Returns the name of the preset, where one was chosen. */
    public Optional<String> preset() {
        return preset;
    }

    public PoolSettings pool() {
        return pool;
    }

    public AddressSettings addresses() {
        return addresses;
    }

    public BanSettings bans() {
        return bans;
    }

    public TimeoutSettings timeouts() {
        return timeouts;
    }

    public TlsSettings tls() {
        return tls;
    }

    public FingerprintSettings fingerprint() {
        return fingerprint;
    }

    public HeaderSettings headers() {
        return headers;
    }

    public PrewarmSettings prewarm() {
        return prewarm;
    }

    public HealthSettings health() {
        return health;
    }

    /** Returns which addresses may be dialled. */
    public AddressFilter filter() {
        return filter;
    }

    /** Returns the limits by host pattern. */
    public HostLimits limits() {
        return limits;
    }

    public RetrySettings retry() {
        return retry;
    }

    public BreakerSettings breaker() {
        return breaker;
    }

    public RateSettings rate() {
        return rate;
    }

    public BatchSettings batch() {
        return batch;
    }

    public FailoverSettings failover() {
        return failover;
    }

    public SizingSettings sizing() {
        return sizing;
    }

    public AlertSettings alerts() {
        return alerts;
    }

    public StateSettings state() {
        return state;
    }

    public ExitSettings exits() {
        return exits;
    }

    /** Returns how often the files are looked at for changes; zero: never. */
    public Duration reloadInterval() {
        return reloadInterval;
    }

    /** Returns how many I/O threads there are; 0: one for each processor. */
    public int ioThreads() {
        return ioThreads;
    }

    /** Whether the figures of the pool are in Micrometer's global registry. */
    public boolean metrics() {
        return metrics;
    }

    /** Returns which figures are exported, and under which names, where they are. */
    public MetricsSettings meters() {
        return meters;
    }

    /** Whether the pool tells Java Flight Recorder what it does. */
    public boolean flightRecorder() {
        return flightRecorder;
    }

    /** Returns how much of HTTP is traced. */
    public WireTracing wireTracing() {
        return wireTracing;
    }

    /** Returns who of those that wait for a connection goes first. */
    public LeaseScheduling scheduling() {
        return scheduling;
    }

    /** Returns the rate that machines share, where they do. */
    public Optional<SharedRateSettings> sharedRate() {
        return sharedRate;
    }

    /** Returns how responses are stored as the last resort before an error, where they are. */
    public Optional<CacheSettings> cache() {
        return cache;
    }

    /** Returns how machines share limits and bans, where they do. */
    public Optional<ClusterSettings> cluster() {
        return cluster;
    }

    /** Returns how often what has expired is cleared away, besides when its own time is up. */
    public Duration cleanupInterval() {
        return cleanupInterval;
    }

    /** Returns every value in force, in the order of {@link ConfigKeys#all()}; keys without a value are left out. */
    public List<ConfigValue> values() {
        return values;
    }

    /** Returns what the files held that it was read from, as digests. */
    List<String> contents() {
        return contents;
    }

    /** Returns what differs in another configuration from this one, in the order of the keys. */
    public List<ConfigChange> changesTo(UtlsConfig other) {
        return ConfigChange.between(set, other.set);
    }

    /** Returns what is allowed and yet seldom meant, each with its place. */
    public List<String> warnings() {
        return warnings;
    }
}
