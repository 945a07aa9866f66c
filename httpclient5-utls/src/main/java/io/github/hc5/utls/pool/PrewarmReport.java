package io.github.hc5.utls.pool;

import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.HttpRoute;

/**
 * What came of a {@link Prewarm}, at its end or on the way.
 *
 * @param requested how many connections were ordered
 * @param opened how many are open
 * @param failures why the others are not: one cause for each connection given up, the last of its tries
 * @param elapsed since the order
 */
public record PrewarmReport(HttpRoute route, int requested, int opened, List<Exception> failures, Duration elapsed) {

    public PrewarmReport {
        failures = List.copyOf(failures);
    }

    /** How many are neither open nor given up. */
    public int remaining() {
        return requested - opened - failures.size();
    }

    /** Whether every connection is open. */
    public boolean isComplete() {
        return opened == requested;
    }
}
