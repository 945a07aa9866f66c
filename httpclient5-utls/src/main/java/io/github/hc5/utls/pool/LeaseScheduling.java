package io.github.hc5.utls.pool;

import java.time.Duration;

/**
 * Who of those that wait for a connection goes first. Immutable.
 *
 * <p>By default it is first come, first served. By deadline, leases with a short time budget (the timeout they were asked
 * with) are the guaranteed class: the one with the least time left goes first, and ahead of all others, the burst class,
 * which keeps its order. So that the others do not starve, they get every so many-th grant while both wait; what the
 * guaranteed class can count on is therefore its reserved share of the grants.
 *
 * @param byDeadline whether deadlines decide
 * @param guaranteedBudget the longest timeout that is of the guaranteed class; positive
 * @param reservedShare the share of grants reserved for the guaranteed class; from 0.5 to 0.99
 */
public record LeaseScheduling(boolean byDeadline, Duration guaranteedBudget, double reservedShare) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public LeaseScheduling {
        if (guaranteedBudget.isNegative() || guaranteedBudget.isZero()) {
            throw new IllegalArgumentException("guaranteedBudget is " + guaranteedBudget + ", must be positive");
        }
        if (!(reservedShare >= 0.5 && reservedShare <= 0.99)) {
            throw new IllegalArgumentException("reservedShare is " + reservedShare + ", must be from 0.5 to 0.99");
        }
    }

    /** Returns the default: first come, first served. */
    public static LeaseScheduling fifo() {
        return new LeaseScheduling(false, Duration.ofSeconds(1), 0.8);
    }

    /** Returns earliest deadline first for leases with at most this budget, with four grants in five reserved. */
    public static LeaseScheduling byDeadline(Duration guaranteedBudget) {
        return new LeaseScheduling(true, guaranteedBudget, 0.8);
    }

    boolean isGuaranteed(LeaseRequest request) {
        return byDeadline
                && request.deadlineNanos != LeaseQueue.NONE
                && request.deadlineNanos - request.startNanos <= guaranteedBudget.toNanos();
    }

    /** How many grants in a row the guaranteed class gets while the other waits. */
    int turns() {
        return (int) Math.max(1, Math.round(reservedShare / (1 - reservedShare)));
    }
}
