package io.github.hc5.utls.pool;

import java.time.Duration;

/**
 * How a total limit follows the load, which is the connections in use and the leases that wait, as a share of the limit:
 *
 * <ul>
 *   <li>above 0.8 it grows by half at once, and to what {@link PoolSettings#sizeFor} says if that is more;
 *   <li>above 0.5 it grows by a tenth, the second time in a row that the load is there;
 *   <li>above 0.2 it stays;
 *   <li>else it falls by a quarter, the third time in a row, but not below {@code sizeFor}.
 * </ul>
 *
 * It never leaves the range from base to ceiling. After a fall the load is below 0.27, after a growth above 0.45 unless it
 * was less before, so neither causes the other: that, and the times in a row, keep it from swinging. Not thread-safe.
 */
final class SizeSteps {

    private static final double FULL = 0.8;
    private static final double BUSY = 0.5;
    private static final double QUIET = 0.2;
    private static final double GROWTH = 1.5;
    private static final int SLOW_GROWTH = 10;
    private static final double FALL = 0.75;
    private static final int BUSY_LOOKS = 2;
    private static final int QUIET_LOOKS = 3;

    private int busy;
    private int quiet;

    /**
     * Returns the next limit.
     *
     * @param inUse connections in use and leases that wait
     * @param meanResponseTime zero while unknown
     */
    int next(int limit, int inUse, Duration meanResponseTime, SizingSettings settings) {
        double load = (double) inUse / limit;
        busy = load > BUSY && load <= FULL ? busy + 1 : 0;
        quiet = load <= QUIET ? quiet + 1 : 0;
        int wanted = PoolSettings.sizeFor(inUse, meanResponseTime);
        int next = limit;
        if (load > FULL) {
            next = Math.max(wanted, (int) Math.ceil(limit * GROWTH));
        } else if (busy >= BUSY_LOOKS) {
            next = limit + (limit + SLOW_GROWTH - 1) / SLOW_GROWTH;
            busy = 0;
        } else if (quiet >= QUIET_LOOKS) {
            next = Math.min(limit, Math.max(wanted, (int) (limit * FALL)));
            quiet = 0;
        }
        return Math.max(settings.base(), Math.min(settings.ceiling(), next));
    }
}
