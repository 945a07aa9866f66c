package io.github.hc5.utls.resilience;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.hc5.utls.pool.HostLimit;
import io.github.hc5.utls.pool.HostLimits;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.HttpHost;

/**
 * The guards of all hosts asked of late. A host not asked for ten minutes is forgotten, and beyond 100,000 the least used
 * are, so that a crawler of many hosts does not fill the heap. Thread-safe.
 */
final class HostGuards {

    private static final int MOST = 100_000;

    private final LoadingCache<HttpHost, HostGuard> guards;
    private final Map<HttpHost, RateSettings> limits = new ConcurrentHashMap<>();
    private final Map<HttpHost, Duration> crawlDelays = new ConcurrentHashMap<>();
    private volatile BreakerSettings breaker;
    private volatile RateSettings defaultLimits;
    private volatile HostLimits patterns = HostLimits.NONE;

    HostGuards(BreakerSettings breaker, RateSettings defaultLimits, WaitScheduler time) {
        this.breaker = breaker;
        this.defaultLimits = defaultLimits;
        this.guards = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(Duration.ofMinutes(10))
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .build(host -> new HostGuard(this.breaker, limitsOf(host), crawlDelays.get(host), time.nanoTime()));
    }

    HostGuard of(HttpHost host) {
        return guards.get(host);
    }

    void setBreaker(BreakerSettings value) {
        breaker = value;
        guards.invalidateAll();
    }

    void setDefaultLimits(RateSettings value) {
        defaultLimits = value;
        guards.invalidateAll();
    }

    /** Gives the hosts of some patterns rates of their own; the rest of their limits stays the default's. */
    void setPatterns(HostLimits value) {
        // breakers are closed by it, so not for nothing
        if (!value.equals(patterns)) {
            patterns = value;
            guards.invalidateAll();
        }
    }

    private RateSettings limitsOf(HttpHost host) {
        RateSettings own = limits.get(host);
        if (own != null) {
            return own;
        }
        RateSettings.Builder ofPattern = defaultLimits.toBuilder();
        HostLimit limit = patterns.of(host.getHostName());
        Double rate = limit.rate();
        if (rate != null) {
            ofPattern.perSecond(rate);
        }
        Integer burst = limit.burst();
        if (burst != null) {
            ofPattern.burst(burst);
        }
        return ofPattern.build();
    }

    void setLimits(HttpHost host, RateSettings value) {
        limits.put(host, value);
        guards.invalidate(host);
    }

    void setCrawlDelay(HttpHost host, Duration delay) {
        if (delay.isZero()) {
            crawlDelays.remove(host);
        } else {
            crawlDelays.put(host, delay);
        }
        guards.invalidate(host);
    }
}
