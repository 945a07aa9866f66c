package io.github.hc5.utls.pool;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long exchanges took from handing the request to the connection to the end of the response; of those that had a
 * response, whatever its status. A percentile is off by at most a 64th of itself, the mean is exact. Immutable;
 * {@link #minus} tells of the time between two pictures.
 */
public final class ResponseTimes {

    /** Of no exchange. */
    public static final ResponseTimes NONE = new ResponseTimes(0, new long[0], 0);

    private static final long NANOS_PER_MICRO = 1000;

    /** The number of the bucket that {@code counts} begins with: see {@link LatencyHistogram}. */
    private final int first;

    private final long[] counts;
    private final long count;
    private final long totalNanos;

    private ResponseTimes(int first, long[] counts, long totalNanos) {
        this.first = first;
        this.counts = counts;
        this.totalNanos = totalNanos;
        this.count = Arrays.stream(counts).sum();
    }

    /** Those of all buckets from number {@code first} on. */
    static ResponseTimes of(int first, long[] buckets, long totalNanos) {
        int from = 0;
        int to = buckets.length;
        while (from < to && buckets[from] == 0) {
            from++;
        }
        while (to > from && buckets[to - 1] == 0) {
            to--;
        }
        return from == to && totalNanos == 0
                ? NONE
                : new ResponseTimes(first + from, Arrays.copyOfRange(buckets, from, to), totalNanos);
    }

    /** Returns how many exchanges there were. */
    public long count() {
        return count;
    }

    /** Returns what they took together. */
    public Duration total() {
        return Duration.ofNanos(totalNanos);
    }

    /** Returns what they took on average, zero where there were none. */
    public Duration mean() {
        return count == 0 ? Duration.ZERO : Duration.ofNanos(totalNanos / count);
    }

    /** Returns what the longest took, zero where there were none. */
    public Duration max() {
        return percentile(100);
    }

    /**
     * Returns the time within which so many of a hundred were over, zero where there were none.
     *
     * @throws IllegalArgumentException if {@code percent} is not from 0 to 100
     */
    public Duration percentile(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percent is " + percent + ", must be from 0 to 100");
        }
        long rank = Math.max(1, (long) Math.ceil(percent / 100 * count));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                long lowest = LatencyHistogram.lowestMicros(first + i) * NANOS_PER_MICRO;
                return Duration.ofNanos(lowest + LatencyHistogram.widthMicros(first + i) * NANOS_PER_MICRO / 2);
            }
        }
        return Duration.ZERO;
    }

    /** Returns how many took no longer than this, as far as the buckets tell. */
    public long countWithin(Duration time) {
        long micros = Math.min(LatencyHistogram.LONGEST_MICROS, time.toNanos() / NANOS_PER_MICRO);
        long within = 0;
        int last = LatencyHistogram.bucket(Math.max(0, micros)) - first;
        for (int i = 0; i < Math.min(counts.length, last + 1); i++) {
            within += counts[i];
        }
        return within;
    }

    /** Returns those of both. */
    public ResponseTimes plus(ResponseTimes other) {
        return combine(other, 1);
    }

    /** Returns what has come since {@code earlier} was taken, which must be of the same exchanges. */
    public ResponseTimes minus(ResponseTimes earlier) {
        return combine(earlier, -1);
    }

    private ResponseTimes combine(ResponseTimes other, int sign) {
        if (other.count == 0) {
            return this;
        }
        int end = Math.max(first + counts.length, other.first + other.counts.length);
        long[] all = new long[end];
        System.arraycopy(counts, 0, all, first, counts.length);
        for (int i = 0; i < other.counts.length; i++) {
            int bucket = other.first + i;
            all[bucket] = Math.max(0, all[bucket] + sign * other.counts[i]);
        }
        return of(0, all, Math.max(0, totalNanos + sign * other.totalNanos));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ResponseTimes other
                && first == other.first
                && totalNanos == other.totalNanos
                && Arrays.equals(counts, other.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts) * 31 + Long.hashCode(totalNanos);
    }

    @Override
    public String toString() {
        return count + " in " + mean().toMillis() + " ms on average, 99 % within "
                + percentile(99).toMillis() + " ms";
    }
}
