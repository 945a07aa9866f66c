package io.github.hc5.utls.resilience;

import java.io.Serial;

/** Every address of the host is refused by a filter, a ban or an ejection, so that there was none to ask. */
public final class AddressBannedException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    AddressBannedException(Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
