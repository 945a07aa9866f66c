package io.github.hc5.utls.pool;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One {@link ConnectionConfig} over the pool's settings, in nanoseconds, computed once for each instance of the config
 * because the lease path reads it every time.
 *
 * @param source the config it was computed from, for comparing by identity; {@code null} for none
 * @param lifeNanos lifetime before jitter; negative: unlimited
 * @param idleNanos idle timeout; negative: none
 * @param validateNanos idle time after which a connection is validated before it is leased; negative: never
 */
record RouteTimes(
        @Nullable ConnectionConfig source,
        long lifeNanos,
        long idleNanos,
        long validateNanos,
        Timeout connectTimeout,
        @Nullable Timeout socketTimeout) {

    static RouteTimes of(@Nullable ConnectionConfig config, PoolSettings settings) {
        long life = orUnlimited(settings.maxLifetime().toNanos());
        long idle = orUnlimited(settings.idleTimeout().toNanos());
        Timeout connect = Timeout.of(settings.connectTimeout());
        if (config == null) {
            return new RouteTimes(null, life, idle, -1, connect, null);
        }
        TimeValue timeToLive = config.getTimeToLive();
        if (TimeValue.isNonNegative(timeToLive)) {
            life = timeToLive.toNanoseconds();
        }
        TimeValue idleTimeout = config.getIdleTimeout();
        if (TimeValue.isPositive(idleTimeout)) {
            idle = idleTimeout.toNanoseconds();
        }
        TimeValue validate = config.getValidateAfterInactivity();
        return new RouteTimes(
                config,
                life,
                idle,
                TimeValue.isNonNegative(validate) ? validate.toNanoseconds() : -1,
                config.getConnectTimeout() != null ? config.getConnectTimeout() : connect,
                config.getSocketTimeout());
    }

    private static long orUnlimited(long nanos) {
        return nanos == 0 ? -1 : nanos;
    }
}
