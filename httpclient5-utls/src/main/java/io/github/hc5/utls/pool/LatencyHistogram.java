package io.github.hc5.utls.pool;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts how long things took, by microseconds, in buckets that grow with what they count (after Gil Tene's
 * HdrHistogram): the values of one power of two share 32 buckets of the same width, so a value read back is off by at
 * most a 64th of itself, from a microsecond to {@link #LONGEST_MICROS}.
 *
 * <p>A row of 32 buckets is made when the first value falls into it: the times of one server fill three or four. After
 * that, recording is one atomic addition. Thread-safe.
 */
final class LatencyHistogram {

    /** Where the bucket of a value lies, and which values are in one. Bucket numbers are dense. */
    static final int ROW = 32;

    private static final int ROW_BITS = 5;
    private static final int ROWS = 33;

    /** What takes longer (two days) is counted as this. */
    static final long LONGEST_MICROS = (1L << (ROW_BITS + ROWS - 1)) - 1;

    private final AtomicReferenceArray<@Nullable AtomicLongArray> rows = new AtomicReferenceArray<>(ROWS);

    void record(long nanos) {
        int bucket = bucket(Math.min(LONGEST_MICROS, Math.max(0, nanos) / 1000));
        row(bucket / ROW).getAndIncrement(bucket % ROW);
    }

    private AtomicLongArray row(int index) {
        AtomicLongArray row = rows.get(index);
        if (row == null) {
            AtomicLongArray fresh = new AtomicLongArray(ROW);
            row = rows.compareAndExchange(index, null, fresh);
            return row != null ? row : fresh;
        }
        return row;
    }

    /** Those counted so far, which took so long together. */
    ResponseTimes times(long totalNanos) {
        int first = 0;
        int end = ROWS;
        while (first < end && rows.get(first) == null) {
            first++;
        }
        while (end > first && rows.get(end - 1) == null) {
            end--;
        }
        long[] counts = new long[(end - first) * ROW];
        for (int i = first; i < end; i++) {
            AtomicLongArray row = rows.get(i);
            for (int j = 0; row != null && j < ROW; j++) {
                counts[(i - first) * ROW + j] = row.get(j);
            }
        }
        return ResponseTimes.of(first * ROW, counts, totalNanos);
    }

    static int bucket(long micros) {
        int row = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(micros) - ROW_BITS);
        // the first row counts single microseconds; in row r the width is 2^(r-1), and the leading bit is understood
        return row == 0 ? (int) micros : row * ROW + (int) (micros >>> (row - 1)) - ROW;
    }

    static long lowestMicros(int bucket) {
        int row = bucket / ROW;
        return row == 0 ? bucket : (long) (ROW + bucket % ROW) << (row - 1);
    }

    static long widthMicros(int bucket) {
        return 1L << Math.max(0, bucket / ROW - 1);
    }
}
