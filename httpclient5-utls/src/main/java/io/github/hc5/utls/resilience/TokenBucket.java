package io.github.hc5.utls.resilience;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests begun in a second, as a token bucket in the form of the generic cell rate algorithm (ITU-T I.371): the one
 * number kept is the time at which the bucket would be full again. A request reserves its place at once and is told how
 * long to wait for it, so that nobody has to wait on a thread, or to ask twice. Thread-safe, without locks.
 */
final class TokenBucket {

    /** What {@link #reserve} returns when the wait would be too long; nothing is reserved then. */
    static final long TOO_LONG = -1;

    private final long intervalNanos;
    private final long toleranceNanos;
    private final AtomicLong fullNanos;

    TokenBucket(double perSecond, int burst, long nowNanos) {
        this.intervalNanos = Math.max(1, (long) (1e9 / perSecond));
        this.toleranceNanos = Math.multiplyExact(intervalNanos, burst - 1L);
        this.fullNanos = new AtomicLong(nowNanos);
    }

    /** Takes the next place and returns the nanoseconds until its time, or {@link #TOO_LONG}. */
    long reserve(long nowNanos, long mostNanos) {
        for (; ; ) {
            long full = fullNanos.get();
            long from = full - nowNanos < 0 ? nowNanos : full;
            long wait = Math.max(0, from - toleranceNanos - nowNanos);
            if (wait > mostNanos) {
                return TOO_LONG;
            }
            if (fullNanos.compareAndSet(full, from + intervalNanos)) {
                return wait;
            }
        }
    }
}
