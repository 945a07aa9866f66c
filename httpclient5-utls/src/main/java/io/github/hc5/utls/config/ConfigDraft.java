package io.github.hc5.utls.config;

import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.BanRule;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.config.FingerprintSettings.Policy;
import io.github.hc5.utls.health.HealthSettings;
import io.github.hc5.utls.http.HeaderMode;
import io.github.hc5.utls.http.WireTracing;
import io.github.hc5.utls.metrics.AlertRule;
import io.github.hc5.utls.metrics.AlertSettings;
import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.pool.HostLimit;
import io.github.hc5.utls.pool.HostLimits;
import io.github.hc5.utls.pool.LeaseScheduling;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.pool.Prewarm;
import io.github.hc5.utls.pool.SizingSettings;
import io.github.hc5.utls.pool.StateSettings;
import io.github.hc5.utls.resilience.BatchSettings;
import io.github.hc5.utls.resilience.BreakerSettings;
import io.github.hc5.utls.resilience.CacheSettings;
import io.github.hc5.utls.resilience.FailoverSettings;
import io.github.hc5.utls.resilience.RateSettings;
import io.github.hc5.utls.resilience.RetrySettings;
import io.github.hc5.utls.resilience.TimeoutSettings;
import io.github.hc5.utls.tls.SpkiPins;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Settings while the keys that were set are taken over: the defaults of the records, except where configuration has its
 * own. Not thread-safe.
 */
final class ConfigDraft {

    /** The settings of {@code [tls]}. */
    static final class Tls {
        @Nullable
        Path trustStore;

        @Nullable
        String trustStorePassword;

        @Nullable
        Path keyStore;

        @Nullable
        String keyStorePassword;

        SpkiPins pins = SpkiPins.none();
        HttpVersionPolicy httpVersion = HttpVersionPolicy.NEGOTIATE;

        TlsSettings build() {
            return new TlsSettings(trustStore, trustStorePassword, keyStore, keyStorePassword, pins, httpVersion);
        }
    }

    /** The settings of {@code [fingerprint]}. */
    static final class Fingerprint {
        String profile = UtlsConfig.DEFAULT_PROFILE;
        Policy policy = Policy.FIXED;
        final Map<String, Double> shares = new LinkedHashMap<>();

        @Nullable
        Long seed;

        @Nullable
        String key;

        @Nullable
        Path folder;

        FingerprintSettings build() {
            return new FingerprintSettings(profile, policy, shares, seed, key, folder);
        }
    }

    /** The settings of {@code [headers]}. */
    static final class Headers {
        HeaderMode mode = HeaderMode.PROFILE;
        String acceptLanguage = HeaderSettings.OF_PROFILE;

        HeaderSettings build() {
            return new HeaderSettings(mode, acceptLanguage);
        }
    }

    /** The settings of {@code [prewarm]}: the defaults of an order. */
    static final class Warming {
        private static final Prewarm DEFAULTS = Prewarm.of(new HttpRoute(new HttpHost("https", "localhost", 443)), 1);

        final Map<String, Integer> hosts = new LinkedHashMap<>();
        int batchSize = DEFAULTS.batchSize();
        Duration batchInterval = DEFAULTS.batchInterval();
        int concurrency = DEFAULTS.concurrency();
        Duration timeout = DEFAULTS.timeout();
        int retries = DEFAULTS.retries();
        boolean validate = DEFAULTS.validate();

        @Nullable
        String validatePath = DEFAULTS.validatePath();

        PrewarmSettings build() {
            return new PrewarmSettings(
                    hosts, batchSize, batchInterval, concurrency, timeout, retries, validate, validatePath);
        }
    }

    /** Only their values count; whoever shares anything names the addresses. */
    static final ClusterSettings CLUSTER_DEFAULTS =
            ClusterSettings.builder("redis://localhost:6379").build();

    @Nullable
    String preset;

    /** A program keeps more idle connections than a service should hold open at its peers: hence another default. */
    final PoolSettings.Builder pool = PoolSettings.builder().maxIdle(20);

    final AddressSettings.Builder addresses = AddressSettings.builder();
    final BanSettings.Builder bans = BanSettings.builder();
    final TimeoutSettings.Builder timeouts = TimeoutSettings.builder();
    final Tls tls = new Tls();
    final Fingerprint fingerprint = new Fingerprint();
    final Headers headers = new Headers();
    final Warming prewarm = new Warming();
    final AddressFilter.Builder filter = AddressFilter.builder();
    final Map<InetAddress, Integer> weights = new LinkedHashMap<>();
    final Map<String, List<InetAddress>> fixedAddresses = new LinkedHashMap<>();
    final Map<String, Set<Integer>> banRules = new LinkedHashMap<>();
    final HealthSettings.Builder health = HealthSettings.builder();
    final RetrySettings.Builder retry = RetrySettings.builder();
    final BreakerSettings.Builder breaker = BreakerSettings.builder();
    final RateSettings.Builder rate = RateSettings.builder();
    final BatchSettings.Builder batch = BatchSettings.builder();
    final CacheSettings.Builder cache = CacheSettings.builder();
    final FailoverSettings.Builder failover = FailoverSettings.builder();
    final SizingSettings.Builder sizing = SizingSettings.builder();
    final AlertSettings.Builder alerts = AlertSettings.builder();
    final MetricsSettings.Builder meters = MetricsSettings.builder();
    final ClusterSettings.Builder cluster = CLUSTER_DEFAULTS.toBuilder();
    final Map<String, Integer> clusterLimits = new LinkedHashMap<>();
    final ExitDraft exits = new ExitDraft();
    private final Map<HostPattern, HostLimit.Builder> limits = new LinkedHashMap<>();
    private final Map<String, AlertDraft> alertRules = new LinkedHashMap<>();
    List<String> contents = List.of();
    int ioThreads;
    boolean metrics;
    boolean flightRecorder = true;
    WireTracing wireTracing = WireTracing.OFF;
    boolean byDeadline = LeaseScheduling.fifo().byDeadline();
    Duration guaranteedBudget = LeaseScheduling.fifo().guaranteedBudget();
    double reservedShare = LeaseScheduling.fifo().reservedShare();
    int sharedRate;
    Duration sharedRateInterval = Duration.ofSeconds(1);
    boolean cacheEnabled;
    List<String> clusterAddresses = List.of();
    StateSettings.Place statePlace = StateSettings.defaults().place();

    @Nullable
    Path stateFile;

    Duration stateInterval = StateSettings.defaults().interval();
    Duration cleanupInterval = Duration.ofMinutes(1);
    Duration reloadInterval = Duration.ofSeconds(2);

    /** Returns the limits of a pattern, to be filled in. */
    HostLimit.Builder limit(String hosts) {
        return limits.computeIfAbsent(new HostPattern(hosts), any -> HostLimit.builder());
    }

    /** Returns an alert rule, to be filled in. */
    AlertDraft alert(String name) {
        return alertRules.computeIfAbsent(name, AlertDraft::new);
    }

    Map<String, AlertDraft> alertRules() {
        return alertRules;
    }

    HostLimits hostLimits() {
        Map<HostPattern, HostLimit> built = new LinkedHashMap<>();
        limits.forEach((pattern, limit) -> built.put(pattern, limit.build()));
        return HostLimits.of(built);
    }

    AddressSettings addressSettings() {
        return addresses.weights(weights).fixedAddresses(fixedAddresses).build();
    }

    /** The most specific pattern first, since the first rule that covers a host counts. */
    BanSettings banSettings() {
        Map<String, Set<Integer>> statuses = new TreeMap<>();
        BanSettings.defaults().rules().forEach(rule -> statuses.put(rule.hosts(), rule.statuses()));
        statuses.putAll(banRules);
        return bans.rules(statuses.keySet().stream()
                        .map(HostPattern::new)
                        .sorted()
                        .map(pattern ->
                                new BanRule(pattern.text(), statuses.getOrDefault(pattern.text(), Set.of()), null))
                        .toList())
                .build();
    }

    AlertSettings alertSettings() {
        Map<String, AlertRule> rules = new LinkedHashMap<>();
        AlertSettings.defaultRules().forEach(rule -> rules.put(rule.name(), rule));
        alertRules.forEach((name, rule) -> {
            if (rule.enabled) {
                rules.put(name, rule.build());
            } else {
                rules.remove(name);
            }
        });
        return alerts.rules(List.copyOf(rules.values())).build();
    }

    StateSettings stateSettings() {
        StateSettings.Place place =
                stateFile != null && statePlace == StateSettings.Place.NOWHERE ? StateSettings.Place.FILE : statePlace;
        return new StateSettings(place, stateFile, stateInterval);
    }

    @Nullable
    ClusterSettings clusterSettings() {
        return clusterAddresses.isEmpty()
                ? null
                : cluster.addresses(clusterAddresses).hostLimits(clusterLimits).build();
    }
}
