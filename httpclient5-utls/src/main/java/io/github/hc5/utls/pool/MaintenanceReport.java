package io.github.hc5.utls.pool;

import java.util.Map;

/**
 * What the upkeep of a pool has done since it was made, and why connections have left it.
 *
 * @param runs how often a route was looked after
 * @param checked idle connections that were checked
 * @param unhealthy those of them that failed
 * @param replenished connections opened because fewer were ready than are to be kept
 * @param closed how many connections have left the pool for which reason; none is missing
 */
public record MaintenanceReport(
        long runs, long checked, long unhealthy, long replenished, Map<CloseReason, Long> closed) {

    public MaintenanceReport {
        closed = Map.copyOf(closed);
    }

    /** How many connections have left the pool. */
    public long closedInAll() {
        return closed.values().stream().mapToLong(count -> count).sum();
    }
}
