package io.github.hc5.utls.resilience;

import java.io.IOException;
import java.io.Serial;
import java.util.List;

/**
 * No try succeeded, and no more are allowed. The cause is what the last one came to; those before it are suppressed
 * exceptions, in their order.
 */
public final class RetriesExhaustedException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int attempts;

    RetriesExhaustedException(String target, String reason, List<? extends Exception> earlier, IOException last) {
        super(
                target + " failed in " + (earlier.size() + 1) + " tries, and " + reason + "; the last: "
                        + last.getMessage(),
                last);
        this.attempts = earlier.size() + 1;
        earlier.forEach(this::addSuppressed);
    }

    /** Returns the number of tries. */
    public int attempts() {
        return attempts;
    }
}
