package io.github.hc5.utls.config;

import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.resilience.TimeoutSettings;
import java.time.Duration;
import java.util.List;
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
    private final List<ConfigValue> values;
    private final List<String> warnings;

    /** @throws IllegalArgumentException if a record refuses what the rules let pass */
    UtlsConfig(ConfigDraft draft, List<ConfigValue> values, List<String> warnings) {
        this.preset = Optional.ofNullable(draft.preset);
        this.pool = draft.pool.build();
        this.addresses = draft.addresses.build();
        this.bans = draft.bans.build();
        this.timeouts = draft.timeouts
                .connect(pool.connectTimeout())
                .handshake(pool.handshakeTimeout())
                .build();
        this.tls = draft.tls.build();
        this.fingerprint = draft.fingerprint.build();
        this.headers = draft.headers.build();
        this.prewarm = draft.prewarm.build();
        this.cleanupInterval = draft.cleanupInterval;
        this.values = List.copyOf(values);
        this.warnings = List.copyOf(warnings);
    }

    /** Read on first use, so that the keys can be declared before. */
    private static final class Defaults {
        private static final UtlsConfig CONFIG = new UtlsConfig(new ConfigDraft(), List.of(), List.of());
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

    /** Returns how often what has expired is cleared away, besides when its own time is up. */
    public Duration cleanupInterval() {
        return cleanupInterval;
    }

    /** Returns every value in force, in the order of {@link ConfigKeys#all()}; keys without a value are left out. */
    public List<ConfigValue> values() {
        return values;
    }

    /** Returns what is allowed and yet seldom meant, each with its place. */
    public List<String> warnings() {
        return warnings;
    }
}
