package io.github.hc5.utls.health;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What happened within a sliding window of time: how many succeeded and failed, and how long the successes took.
 *
 * <p>The window is a ring of ten slices. Each slice is two 64-bit words that carry the number of the slice of time they
 * are about, changed by compare-and-set, so that whoever comes first in a new slice of time also clears the old one, and
 * no count is lost or counted for the wrong time. The window slides slice by slice: it covers between nine and ten tenths
 * of its length.
 *
 * <pre>
 *  63            40 39           20 19            0        63            40 39                  0
 * +----------------+---------------+---------------+      +----------------+--------------------+
 * | slice of time  | failures      | successes     |      | slice of time  | sum of microseconds|
 * +----------------+---------------+---------------+      +----------------+--------------------+
 * </pre>
 *
 * <p>Thread-safe; recording allocates nothing.
 */
public final class OutcomeWindow {

    private static final int SLICES = 10;
    private static final int EPOCH_SHIFT = 40;
    private static final long EPOCH_MASK = (1L << 24) - 1;
    private static final long COUNT_MASK = (1L << 20) - 1;
    private static final long SUM_MASK = (1L << EPOCH_SHIFT) - 1;
    private static final int FAILURES_SHIFT = 20;

    private final AtomicLongArray words = new AtomicLongArray(2 * SLICES);
    private final long sliceNanos;
    private final long originNanos;

    /**
     * What a window holds.
     *
     * @param requests that say something
     * @param failures among them
     * @param meanLatency of the successes; zero if there were none
     */
    public record Summary(int requests, int failures, Duration meanLatency) {

        /** The share of successes, 1 where there were no requests. */
        public double successShare() {
            return requests == 0 ? 1 : (double) (requests - failures) / requests;
        }
    }

    /**
     * An empty window.
     *
     * @param nowNanos the time by the clock of all later calls
     */
    public OutcomeWindow(Duration length, long nowNanos) {
        this.sliceNanos = Math.max(1, length.toNanos() / SLICES);
        this.originNanos = nowNanos;
    }

    /** Counts one; those that are not {@linkplain Outcome#isTelling telling} are not counted. */
    public void record(Outcome outcome, long elapsedNanos, long nowNanos) {
        if (!outcome.isTelling()) {
            return;
        }
        long slice = slice(nowNanos);
        int index = (int) (slice % SLICES) * 2;
        long epoch = epoch(slice);
        boolean failed = outcome.isFailure();
        add(index, epoch, failed ? 1L << FAILURES_SHIFT : 1, failed ? FAILURES_SHIFT : 0, COUNT_MASK);
        if (!failed) {
            add(index + 1, epoch, Math.min(SUM_MASK >> 8, Math.max(0, elapsedNanos) / 1000), 0, SUM_MASK);
        }
    }

    private void add(int index, long epoch, long amount, int shift, long mask) {
        for (; ; ) {
            long before = words.get(index);
            long base = before & ~SUM_MASK;
            long kept = before;
            if (base != epoch) {
                if (((epoch - base) >>> EPOCH_SHIFT) > EPOCH_MASK / 2) {
                    // the slice has begun a later time meanwhile: too late to count
                    return;
                }
                kept = epoch;
            }
            long field = (kept >>> shift) & mask;
            long added = amount >>> shift;
            if (field + added > mask) {
                return;
            }
            if (words.compareAndSet(index, before, kept + amount)) {
                return;
            }
        }
    }

    /** Returns what the window holds now. */
    public Summary summary(long nowNanos) {
        long slice = slice(nowNanos);
        long successes = 0;
        long failures = 0;
        long micros = 0;
        for (long s = Math.max(0, slice - SLICES + 1); s <= slice; s++) {
            int index = (int) (s % SLICES) * 2;
            long counts = words.get(index);
            long sum = words.get(index + 1);
            if ((counts & ~SUM_MASK) == epoch(s)) {
                successes += counts & COUNT_MASK;
                failures += (counts >>> FAILURES_SHIFT) & COUNT_MASK;
            }
            if ((sum & ~SUM_MASK) == epoch(s)) {
                micros += sum & SUM_MASK;
            }
        }
        Duration mean = successes == 0 ? Duration.ZERO : Duration.ofNanos(micros * 1000 / successes);
        return new Summary((int) (successes + failures), (int) failures, mean);
    }

    private long slice(long nowNanos) {
        return Math.max(0, nowNanos - originNanos) / sliceNanos;
    }

    /** The slice of time as it stands in a word; never zero, which is what an unused word holds. */
    private static long epoch(long slice) {
        return ((slice + 1) & EPOCH_MASK) << EPOCH_SHIFT;
    }
}
