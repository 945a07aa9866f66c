package io.github.hc5.utls.pool;

import java.io.IOException;
import java.io.Serial;

/** A connection that nobody waits for was not opened because a limit of the pool, or its closing, does not allow it. */
public final class LimitReachedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    LimitReachedException(String message) {
        super(message);
    }
}
