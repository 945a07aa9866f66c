package io.github.hc5.utls.pool;

import java.time.Duration;

/**
 * Of the leases that could not be granted at once.
 *
 * @param queued leases that had to wait
 * @param granted those that were then given a connection
 * @param failed those that ran into their deadline, or whose pool was closed
 * @param waited how long those granted had waited, all together
 */
public record LeaseFigures(long queued, long granted, long failed, Duration waited) {

    /** None had to wait. */
    public static final LeaseFigures NONE = new LeaseFigures(0, 0, 0, Duration.ZERO);

    LeaseFigures plus(LeaseFigures other) {
        return new LeaseFigures(
                queued + other.queued, granted + other.granted, failed + other.failed, waited.plus(other.waited));
    }

    LeaseFigures minus(LeaseFigures earlier) {
        return new LeaseFigures(
                Math.max(0, queued - earlier.queued),
                Math.max(0, granted - earlier.granted),
                Math.max(0, failed - earlier.failed),
                waited.minus(earlier.waited));
    }
}
