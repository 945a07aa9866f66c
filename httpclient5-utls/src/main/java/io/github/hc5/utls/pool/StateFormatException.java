package io.github.hc5.utls.pool;

import java.io.Serial;

/** A saved state is damaged, or of a version that is not known. The message says where. */
public final class StateFormatException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    StateFormatException(String message) {
        super(message);
    }
}
