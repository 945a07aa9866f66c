package io.github.hc5.utls.pool;

import java.time.Duration;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * An order to open connections of a route before they are needed. Immutable; {@link #of} starts from the defaults, the
 * {@code with} methods return changed copies.
 *
 * @param route whose connections
 * @param connections how many; 1 or more
 * @param batchSize how many are begun at a time; 1 or more, 50 by default
 * @param batchInterval the pause between batches; 100 ms by default
 * @param concurrency how many may be opening at once; 1 or more, 50 by default
 * @param timeout for the whole; what is not open by then has failed; positive, 30 s by default
 * @param retries how often an opening that failed is tried again; 0 or more, 2 by default
 * @param validate whether each connection is checked once it is open, by a PING where it is HTTP/2
 * @param validatePath what a connection that is checked is asked for with HEAD instead; {@code null}: nothing; it has
 *     passed with any answer whose status does not ban its address
 */
public record Prewarm(
        HttpRoute route,
        int connections,
        int batchSize,
        Duration batchInterval,
        int concurrency,
        Duration timeout,
        int retries,
        boolean validate,
        @Nullable String validatePath) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public Prewarm {
        atLeast("connections", connections, 1);
        atLeast("batchSize", batchSize, 1);
        atLeast("concurrency", concurrency, 1);
        atLeast("retries", retries, 0);
        if (batchInterval.isNegative()) {
            throw new IllegalArgumentException("batchInterval is " + batchInterval + ", must be zero or positive");
        }
        if (validatePath != null && !validatePath.startsWith("/")) {
            throw new IllegalArgumentException("validatePath is '" + validatePath + "', must begin with /");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", must be positive");
        }
    }

    /** Returns the order for so many connections, with the defaults. */
    public static Prewarm of(HttpRoute route, int connections) {
        return new Prewarm(route, connections, 50, Duration.ofMillis(100), 50, Duration.ofSeconds(30), 2, false, null);
    }

    public Prewarm withBatches(int size, Duration interval) {
        return new Prewarm(route, connections, size, interval, concurrency, timeout, retries, validate, validatePath);
    }

    public Prewarm withConcurrency(int openings) {
        return new Prewarm(
                route, connections, batchSize, batchInterval, openings, timeout, retries, validate, validatePath);
    }

    public Prewarm withTimeout(Duration limit) {
        return new Prewarm(
                route, connections, batchSize, batchInterval, concurrency, limit, retries, validate, validatePath);
    }

    public Prewarm withRetries(int times) {
        return new Prewarm(
                route, connections, batchSize, batchInterval, concurrency, timeout, times, validate, validatePath);
    }

    public Prewarm withValidation(boolean check) {
        return new Prewarm(route, connections, batchSize, batchInterval, concurrency, timeout, retries, check, null);
    }

    /** Checks each connection by a HEAD request for the path. */
    public Prewarm withValidation(String path) {
        return new Prewarm(route, connections, batchSize, batchInterval, concurrency, timeout, retries, true, path);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " or more");
        }
    }
}
