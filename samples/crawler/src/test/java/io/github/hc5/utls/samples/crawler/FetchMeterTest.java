package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FetchMeterTest {

    private final AtomicLong now = new AtomicLong(-5);
    private final FetchMeter meter = new FetchMeter(now::get);

    private void seconds(long n) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(n));
    }

    private static FetchResult result(double ms, boolean ok) {
        return new FetchResult(
                0,
                "",
                null,
                null,
                null,
                null,
                null,
                ms,
                null,
                null,
                null,
                null,
                null,
                ok ? null : FetchProblem.invalidUrl(""));
    }

    @Test
    void countsASecondOnceItIsOver() {
        meter.record(result(10, true));
        meter.record(result(10, false));
        assertThat(meter.since(-1)).isEmpty();
        seconds(1);
        assertThat(meter.since(-1)).singleElement().satisfies(point -> {
            assertThat(point.ok()).isEqualTo(1);
            assertThat(point.failed()).isEqualTo(1);
        });
        assertThat(meter.since(0)).isEmpty();
        assertThat(meter.totals()).isEqualTo(new FetchMeter.Totals(2, 1));
    }

    @Test
    void quantilesAreAtMostAQuarterTooHigh() {
        for (int i = 1; i <= 1000; i++) {
            meter.record(result(i, true));
        }
        seconds(1);
        FetchMeter.Point point = meter.since(-1).get(0);
        assertThat(point.p50()).isBetween(500.0, 500 * 1.25);
        assertThat(point.p95()).isBetween(950.0, 950 * 1.25);
    }

    @Test
    void quietSecondsAreZeroAndOldOnesForgotten() {
        meter.record(result(1, true));
        seconds(FetchMeter.SECONDS + 10L);
        meter.record(result(2, true));
        seconds(2);
        assertThat(meter.since(-1)).hasSize(FetchMeter.SECONDS);
        assertThat(meter.since(-1).stream().mapToInt(FetchMeter.Point::ok).sum())
                .isEqualTo(1);
        assertThat(meter.since(meter.last() - 2)).hasSize(2);
        assertThat(meter.since(meter.last() - 2).get(0).p50()).isCloseTo(2, within(0.5));
    }

    /** The longest and the shortest fall into the outer buckets. */
    @Test
    void takesAnyTime() {
        meter.record(result(0, true));
        meter.record(result(1e12, true));
        seconds(1);
        assertThat(meter.since(-1).get(0).ok()).isEqualTo(2);
    }
}
