package io.github.hc5.utls.cluster;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far this machine's clock is from that of Redis. A heartbeat asks Redis for its time ({@code TIME}), which is taken as
 * of the middle of the round trip and so is wrong by at most half of that, and by at most half of the settings' timeout (a
 * later answer does not count). From there it runs on by the monotonic clock, so that the offset follows at once when this
 * machine's clock is set. Thread-safe.
 */
final class RedisClock {

    private final Clock own;
    private final LongSupplier nanoTime;
    private final long nearMillis;

    /** The time of Redis less the monotonic time, in milliseconds; {@code null} before Redis has told it. */
    private volatile @Nullable Long redisTime;

    /**
     * Of one link.
     *
     * @param own by which Redisson reckons: this machine's
     * @param lease of which a third is as far as the two may be apart
     */
    RedisClock(Clock own, LongSupplier nanoTime, Duration lease) {
        this.own = own;
        this.nanoTime = nanoTime;
        this.nearMillis = lease.toMillis() / 3;
    }

    void heard(long redisMillis, long sentNanos, long receivedNanos) {
        long middle = sentNanos + (receivedNanos - sentNanos) / 2;
        redisTime = redisMillis - TimeUnit.NANOSECONDS.toMillis(middle);
    }

    /** What must be added to this machine's clock to have that of Redis; 0 before Redis has told its time. */
    long offsetMillis() {
        Long time = redisTime;
        return time == null ? 0 : time + TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong()) - own.millis();
    }

    Duration offset() {
        return Duration.ofMillis(offsetMillis());
    }

    /** Whether it is near enough for commands that expire what other nodes hold. */
    boolean isNear() {
        return Math.abs(offsetMillis()) <= nearMillis;
    }
}
