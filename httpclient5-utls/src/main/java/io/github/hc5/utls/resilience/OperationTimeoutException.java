package io.github.hc5.utls.resilience;

import java.io.Serial;
import java.time.Duration;
import org.apache.hc.core5.http.HttpHost;

/**
 * The deadline of a whole operation, over all its tries and redirects, has passed. What the tries before came to is among
 * the suppressed exceptions.
 */
public final class OperationTimeoutException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final OperationPhase phase;
    private final boolean maybeSent;

    OperationTimeoutException(HttpHost host, Duration limit, OperationPhase phase, boolean maybeSent, int attempts) {
        super(
                "Not done with " + host + " within " + limit.toMillis() + " ms, in phase " + phase + " of try "
                        + attempts,
                null);
        this.phase = phase;
        this.maybeSent = maybeSent;
    }

    /** Returns where the time ran out. */
    public OperationPhase phase() {
        return phase;
    }

    /** Whether the server may have seen the request. */
    public boolean maybeSent() {
        return maybeSent;
    }
}
