package io.github.hc5.utls.samples.cli;

import java.util.Arrays;

/** How long each of a number of requests took, as percentiles by the nearest rank. Immutable. */
final class Latencies {

    private static final double NANOS_IN_MILLI = 1e6;

    private final long[] sorted;

    private Latencies(long[] sorted) {
        this.sorted = sorted;
    }

    /** Returns the latencies of the given times, in nanoseconds and any order. */
    static Latencies of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latencies(sorted);
    }

    int count() {
        return sorted.length;
    }

    /**
     * Returns the time, in milliseconds, within which the given share of all requests was answered; NaN if there were none.
     *
     * @param percent more than 0 and at most 100
     */
    double millis(double percent) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(1, rank) - 1] / NANOS_IN_MILLI;
    }
}
