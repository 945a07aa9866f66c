package io.github.hc5.utls.http;

import java.io.IOException;

/** Signals that a response's content is not what its Content-Encoding says, or expands beyond all measure. */
public final class ContentDecodingException extends IOException {

    private static final long serialVersionUID = 1L;

    ContentDecodingException(String message) {
        super(message);
    }

    ContentDecodingException(String message, Throwable cause) {
        super(message, cause);
    }
}
