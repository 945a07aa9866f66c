package io.github.hc5.utls.resilience;

import java.io.Serial;

/** Neither the primary nor the backup could give a connection; the cause is what the last one said. */
public final class NoHealthyPathException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    NoHealthyPathException(String message, Throwable cause) {
        super(message, cause);
    }
}
