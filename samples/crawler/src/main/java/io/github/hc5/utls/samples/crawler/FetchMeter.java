package io.github.hc5.utls.samples.crawler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the URLs of the last minutes came to, second by second, in fixed memory: a ring of seconds, each with its counts and
 * a histogram of times whose bounds grow by a quarter, so that a quantile is at most so much too high. Thread-safe.
 */
final class FetchMeter {

    /** How many seconds are kept. */
    static final int SECONDS = 300;

    private static final int BUCKETS = 64;
    private static final double FIRST_BOUND_MS = 0.5;
    private static final double GROWTH = 1.25;
    private static final double[] BOUNDS = bounds();

    private final LongSupplier nanoTime;
    private final long originNanos;
    private final Second[] ring = new Second[SECONDS + 1];

    /** Guarded by this. */
    private long total;

    /** Guarded by this. */
    private long failed;

    FetchMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.originNanos = nanoTime.getAsLong();
        for (int i = 0; i < ring.length; i++) {
            ring[i] = new Second();
        }
    }

    /** Guarded by the meter. */
    private static final class Second {
        private long number = -1;
        private int ok;
        private int failed;
        private final int[] times = new int[BUCKETS];

        private void begin(long at) {
            number = at;
            ok = 0;
            failed = 0;
            Arrays.fill(times, 0);
        }
    }

    /**
     * One second that is over.
     *
     * @param second counted from the meter's start
     * @param p50 the median time of those with a response, in ms; 0 where there is none
     * @param p95 the time that one in twenty exceeds
     */
    record Point(long second, int ok, int failed, double p50, double p95) {}

    /** Counts since the start. */
    record Totals(long total, long failed) {}

    private static double[] bounds() {
        double[] bounds = new double[BUCKETS];
        double bound = FIRST_BOUND_MS;
        for (int i = 0; i < BUCKETS; i++) {
            bounds[i] = bound;
            bound *= GROWTH;
        }
        return bounds;
    }

    /** Takes in a result. */
    void record(FetchResult result) {
        boolean ok = result.error() == null;
        int bucket = Arrays.binarySearch(BOUNDS, result.ms());
        int index = Math.min(bucket < 0 ? -bucket - 1 : bucket, BUCKETS - 1);
        synchronized (this) {
            Second second = current();
            total++;
            if (ok) {
                second.ok++;
                second.times[index]++;
            } else {
                failed++;
                second.failed++;
            }
        }
    }

    synchronized Totals totals() {
        return new Totals(total, failed);
    }

    /** Returns the last second that is over, -1 before there is one. */
    long last() {
        return number() - 1;
    }

    /** Returns the seconds that are over and later than {@code after}, the oldest first; quiet ones are zero. */
    synchronized List<Point> since(long after) {
        long now = number();
        List<Point> points = new ArrayList<>();
        for (long n = Math.max(Math.max(0, after + 1), now - SECONDS); n < now; n++) {
            Second second = ring[(int) (n % ring.length)];
            points.add(
                    second.number != n
                            ? new Point(n, 0, 0, 0, 0)
                            : new Point(n, second.ok, second.failed, quantile(second, 0.5), quantile(second, 0.95)));
        }
        return points;
    }

    private static double quantile(Second second, double share) {
        int wanted = (int) Math.ceil(share * second.ok);
        int seen = 0;
        for (int i = 0; i < BUCKETS && wanted > 0; i++) {
            seen += second.times[i];
            if (seen >= wanted) {
                return BOUNDS[i];
            }
        }
        return 0;
    }

    private Second current() {
        long number = number();
        Second second = ring[(int) (number % ring.length)];
        if (second.number != number) {
            second.begin(number);
        }
        return second;
    }

    private long number() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - originNanos);
    }
}
