package io.github.hc5.utls.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RedisClockTest {

    private final AtomicLong nanos = new AtomicLong(TimeUnit.HOURS.toNanos(-1));
    private final AtomicLong wall = new AtomicLong(1_000_000);
    private final RedisClock clock = new RedisClock(
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return Instant.ofEpochMilli(wall.get());
                }
            },
            nanos::get,
            Duration.ofSeconds(15));

    private void pass(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        wall.addAndGet(millis);
    }

    @Test
    void isNearBeforeRedisHasToldItsTime() {
        assertThat(clock.offsetMillis()).isZero();
        assertThat(clock.isNear()).isTrue();
    }

    @Test
    void theTimeOfRedisIsThatOfTheMiddleOfTheRoundTrip() {
        long sent = nanos.get();
        pass(40);
        clock.heard(1_060_020, sent, nanos.get());
        assertThat(clock.offsetMillis()).isEqualTo(60_000);
        pass(100_000);
        assertThat(clock.offset()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aThirdOfTheLeaseIsNearAndMoreIsNot() {
        clock.heard(wall.get() - 5000, nanos.get(), nanos.get());
        assertThat(clock.isNear()).isTrue();
        clock.heard(wall.get() - 5001, nanos.get(), nanos.get());
        assertThat(clock.isNear()).isFalse();
        clock.heard(wall.get() + 5001, nanos.get(), nanos.get());
        assertThat(clock.isNear()).isFalse();
    }

    @Test
    void aClockThatIsSetIsNoticedWithoutAskingRedis() {
        clock.heard(wall.get(), nanos.get(), nanos.get());
        pass(2000);
        assertThat(clock.isNear()).isTrue();
        wall.addAndGet(60_000);
        assertThat(clock.offsetMillis()).isEqualTo(-60_000);
        assertThat(clock.isNear()).isFalse();
        wall.addAndGet(-60_000);
        assertThat(clock.isNear()).isTrue();
    }
}
