package io.github.hc5.utls.resilience;

import io.github.hc5.utls.health.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is kept of one host: its breaker, its limits, and the moving mean of its response times. Thread-safe. */
final class HostGuard {

    /** The weight of a new response time in the mean. */
    private static final double ALPHA = 0.1;

    final @Nullable CircuitBreaker breaker;
    final @Nullable TokenBucket rate;
    final @Nullable InFlightLimit inFlight;
    final RateSettings limits;

    /** Nanoseconds; 0 before the first. */
    private final AtomicLong meanNanos = new AtomicLong();

    HostGuard(BreakerSettings breaker, RateSettings limits, @Nullable Duration crawlDelay, long now) {
        this.limits = limits;
        this.breaker = breaker.enabled() ? new CircuitBreaker(breaker, now) : null;
        double perSecond = limits.perSecond();
        int burst = limits.burst();
        if (crawlDelay != null && !crawlDelay.isZero()) {
            double delayed = 1e9 / crawlDelay.toNanos();
            if (perSecond == 0 || delayed < perSecond) {
                perSecond = delayed;
                burst = 1;
            }
        }
        this.rate = perSecond > 0 ? new TokenBucket(perSecond, burst, now) : null;
        this.inFlight = limits.maxInFlight() > 0 ? new InFlightLimit(limits.maxInFlight()) : null;
    }

    void record(Outcome outcome, long now) {
        CircuitBreaker b = breaker;
        if (b != null) {
            b.record(outcome, now);
        }
    }

    /** Takes a response time into the exponential moving mean. */
    void responded(long elapsedNanos) {
        for (; ; ) {
            long before = meanNanos.get();
            long after = before == 0 ? elapsedNanos : (long) (before + ALPHA * (elapsedNanos - before));
            if (meanNanos.compareAndSet(before, Math.max(1, after))) {
                return;
            }
        }
    }

    /** Returns how long to wait for a response of this host, by its mean; the ceiling while there is none. */
    long responseTimeoutNanos(TimeoutSettings settings) {
        long mean = meanNanos.get();
        long ceiling = settings.adaptiveCeiling().toNanos();
        if (mean == 0) {
            return ceiling;
        }
        long wanted = (long) (mean * settings.adaptiveFactor());
        return Math.min(ceiling, Math.max(settings.adaptiveFloor().toNanos(), wanted));
    }
}
