package io.github.hc5.utls.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Keeps retries from becoming the load: over a sliding window, they may add no more than a share of the requests, but for
 * a floor that lets a quiet client retry at all. After the retry budgets of Finagle and wreq, with counts in slices of the
 * window instead of tokens, so that the bound holds over every window and not on average.
 *
 * <p>Thread-safe. Counting a request is one atomic addition; asking for a retry, which is rare, takes a lock.
 */
final class RetryBudget {

    private static final int SLICES = 10;
    private static final int COUNT_BITS = 32;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final double share;
    private final int floor;
    private final long sliceNanos;
    private final long originNanos;

    /** For each slice the low half of its number, and the requests in it. */
    private final AtomicLongArray requests = new AtomicLongArray(SLICES);

    /** The same of retries; written under this. */
    private final AtomicLongArray retries = new AtomicLongArray(SLICES);

    RetryBudget(double share, int floor, Duration window, long nowNanos) {
        this.share = share;
        this.floor = floor;
        this.sliceNanos = Math.max(1, window.toNanos() / SLICES);
        this.originNanos = nowNanos;
    }

    /** Counts a request's first try. */
    void requested(long nowNanos) {
        add(requests, slice(nowNanos));
    }

    /** Counts and allows one retry, or refuses it. */
    synchronized boolean tryRetry(long nowNanos) {
        long slice = slice(nowNanos);
        long allowed = Math.max(floor, (long) (share * sum(requests, slice)));
        if (sum(retries, slice) >= allowed) {
            return false;
        }
        add(retries, slice);
        return true;
    }

    private long slice(long nowNanos) {
        // one more, so that no slice has the number that an unused word holds
        return Math.max(0, nowNanos - originNanos) / sliceNanos + 1;
    }

    private static void add(AtomicLongArray words, long slice) {
        int index = (int) (slice % SLICES);
        for (; ; ) {
            long before = words.get(index);
            long count = before >>> COUNT_BITS == (slice & COUNT_MASK) ? before & COUNT_MASK : 0;
            if (words.compareAndSet(index, before, (slice << COUNT_BITS) | Math.min(COUNT_MASK, count + 1))) {
                return;
            }
        }
    }

    private static long sum(AtomicLongArray words, long slice) {
        long sum = 0;
        for (long s = Math.max(1, slice - SLICES + 1); s <= slice; s++) {
            long word = words.get((int) (s % SLICES));
            sum += word >>> COUNT_BITS == (s & COUNT_MASK) ? word & COUNT_MASK : 0;
        }
        return sum;
    }
}
