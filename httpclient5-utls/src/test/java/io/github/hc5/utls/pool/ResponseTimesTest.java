package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseTimesTest {

    private final LatencyHistogram histogram = new LatencyHistogram();
    private long total;

    private void record(long micros) {
        histogram.record(micros * 1000);
        total += micros * 1000;
    }

    private ResponseTimes times() {
        return histogram.times(total);
    }

    @Test
    void nothingTookNoTime() {
        assertThat(times()).isEqualTo(ResponseTimes.NONE);
        assertThat(times().mean()).isZero();
        assertThat(times().percentile(99)).isZero();
        assertThat(times().max()).isZero();
    }

    @Test
    void everyPercentileIsOffByA64thAtMost() {
        Random random = new Random(1);
        long[] all = new long[20_000];
        for (int i = 0; i < all.length; i++) {
            // from a microsecond to about an hour, evenly over the powers of two
            all[i] = (long) Math.pow(2, 32 * random.nextDouble());
            record(all[i]);
        }
        Arrays.sort(all);

        for (double percent : new double[] {0, 0.01, 1, 25, 50, 75, 90, 95, 99, 99.9, 100}) {
            long exact = all[(int) Math.max(0, Math.ceil(percent / 100 * all.length) - 1)];
            double found = times().percentile(percent).toNanos() / 1000.0;
            assertThat(found).as("%s %%", percent).isCloseTo((double) exact, within(exact / 64.0 + 0.5));
        }
        assertThat(times().count()).isEqualTo(all.length);
        assertThat(times().mean()).isEqualTo(Duration.ofNanos(Arrays.stream(all).sum() * 1000 / all.length));
    }

    @Test
    void everyBucketHoldsWhatItSays() {
        for (int bucket = 0; bucket < 33 * LatencyHistogram.ROW; bucket++) {
            long lowest = LatencyHistogram.lowestMicros(bucket);
            long highest = lowest + LatencyHistogram.widthMicros(bucket) - 1;

            assertThat(LatencyHistogram.bucket(lowest)).isEqualTo(bucket);
            assertThat(LatencyHistogram.bucket(highest)).isEqualTo(bucket);
            assertThat(highest).isLessThanOrEqualTo(LatencyHistogram.LONGEST_MICROS);
        }
    }

    @Test
    void whatNeverEndsIsCountedAsTheLongest() {
        histogram.record(Long.MAX_VALUE);
        histogram.record(-1);

        ResponseTimes times = histogram.times(0);
        assertThat(times.count()).isEqualTo(2);
        assertThat(times.max()).isGreaterThan(Duration.ofHours(30));
        assertThat(times.percentile(0)).isLessThan(Duration.ofNanos(1000));
    }

    @Test
    void aDifferenceTellsOfTheTimeBetween() {
        record(100);
        record(200_000);
        ResponseTimes before = times();
        record(500);
        record(700);

        ResponseTimes between = times().minus(before);
        assertThat(between.count()).isEqualTo(2);
        assertThat(between.mean()).isEqualTo(Duration.ofNanos(600_000));
        assertThat(between.max()).isBetween(Duration.ofNanos(690_000), Duration.ofNanos(712_000));
        assertThat(before.plus(between)).isEqualTo(times());
        assertThat(times().minus(times())).isEqualTo(ResponseTimes.NONE);
    }

    @Test
    void countsThoseWithinATime() {
        record(10);
        record(20);
        record(5_000);

        assertThat(times().countWithin(Duration.ofNanos(9_000))).isZero();
        assertThat(times().countWithin(Duration.ofNanos(20_000))).isEqualTo(2);
        assertThat(times().countWithin(Duration.ofSeconds(1))).isEqualTo(3);
    }

    @Test
    void refusesWhatIsNoPercentage() {
        assertThatThrownBy(() -> times().percentile(101))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("percent is 101.0, must be from 0 to 100");
    }
}
