package io.github.hc5.utls.resilience;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What should have been requested is not an absolute http or https URL. */
public final class InvalidUrlException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    InvalidUrlException(String url, String reason, @Nullable Throwable cause) {
        super("'" + url + "' cannot be requested: " + reason, cause);
    }
}
