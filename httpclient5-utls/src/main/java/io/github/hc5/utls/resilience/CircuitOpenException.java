package io.github.hc5.utls.resilience;

import java.io.Serial;
import java.time.Duration;
import org.apache.hc.core5.http.HttpHost;

/** The request was not sent: so many to its host have failed of late that it is left alone for a while. */
public final class CircuitOpenException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    CircuitOpenException(HttpHost host, long retryAfterNanos) {
        super(
                "Not sent to " + host + ": its circuit breaker is open for another " + retryAfterNanos / 1_000_000
                        + " ms",
                null);
        this.retryAfter = Duration.ofNanos(retryAfterNanos);
    }

    /** Returns when it makes sense to ask again; zero when probes are under way. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
