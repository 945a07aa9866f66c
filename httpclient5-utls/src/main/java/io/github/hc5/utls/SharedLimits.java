package io.github.hc5.utls;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.config.SharedRateSettings;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.LeasePermits;
import io.github.hc5.utls.pool.StateStore;
import io.github.hc5.utls.resilience.HostRateLimiter;

/** The link to other machines; apart, so that who shares nothing needs no library for it. */
final class SharedLimits {

    private final RedisLeasePermits redis;

    private SharedLimits(RedisLeasePermits redis) {
        this.redis = redis;
    }

    /** @throws IllegalStateException if the library for Redis is not there */
    static SharedLimits connect(ClusterSettings settings) {
        try {
            return new SharedLimits(RedisLeasePermits.connect(settings));
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "[cluster] is configured, which needs org.redisson:redisson on the class path: " + e.getMessage()
                            + " is missing",
                    e);
        }
    }

    LeasePermits permits() {
        return redis;
    }

    HostRateLimiter rate(SharedRateSettings settings) {
        return redis.rate(settings.count(), settings.interval())::acquire;
    }

    StateStore stateStore() {
        return redis.stateStore();
    }

    void shareBans(HotConnectionManager manager) {
        redis.shareBans(manager);
    }

    void close() {
        redis.close();
    }
}
