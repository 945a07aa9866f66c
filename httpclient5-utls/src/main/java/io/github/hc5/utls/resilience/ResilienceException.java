package io.github.hc5.utls.resilience;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was given up, where none of HttpClient's and the JDK's own types says it. A connection that broke, a connect
 * that timed out or a certificate that is wrong are reported with the types that HttpClient's users know.
 */
public abstract sealed class ResilienceException extends IOException
        permits AddressBannedException,
                CircuitOpenException,
                HostLimitException,
                InvalidUrlException,
                NoHealthyPathException,
                OperationTimeoutException,
                RetriesExhaustedException {

    @Serial
    private static final long serialVersionUID = 1L;

    ResilienceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
