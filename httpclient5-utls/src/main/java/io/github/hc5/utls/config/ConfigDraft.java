package io.github.hc5.utls.config;

import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.config.FingerprintSettings.Policy;
import io.github.hc5.utls.http.HeaderMode;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.pool.Prewarm;
import io.github.hc5.utls.resilience.TimeoutSettings;
import io.github.hc5.utls.tls.SpkiPins;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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
    Duration cleanupInterval = Duration.ofMinutes(1);
}
