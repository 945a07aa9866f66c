package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.pool.AddressesRefusedException;
import io.github.hc5.utls.resilience.AddressBannedException;
import io.github.hc5.utls.resilience.CircuitOpenException;
import io.github.hc5.utls.resilience.HostLimitException;
import io.github.hc5.utls.resilience.InvalidUrlException;
import io.github.hc5.utls.resilience.OperationTimeoutException;
import io.github.hc5.utls.resilience.RetriesExhaustedException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;

/**
 * Why a URL has no response, with the members of RFC 9457.
 *
 * @param retryable whether it may succeed later, as it is
 */
record FetchProblem(String type, String title, String detail, boolean retryable) {

    private static final int MAX_DETAIL = 500;

    /** The service ends before the URL's turn came, or before its response. */
    static FetchProblem shuttingDown() {
        return of("shutting-down", "The service ends", "It was accepted and not done within crawler.shutdown.", true);
    }

    /** The text is no URL that can be fetched. */
    static FetchProblem invalidUrl(String detail) {
        return of("invalid-url", "This is no URL to fetch", detail, false);
    }

    /** Tells a failure by its type, never by the words in it. */
    static FetchProblem of(Throwable failure) {
        Throwable cause = failure instanceof RetriesExhaustedException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        String detail = say(failure);
        if (cause instanceof TargetRefusedException) {
            return of("target-refused", "The target is not allowed", detail, false);
        }
        if (cause instanceof AddressBannedException || cause instanceof AddressesRefusedException) {
            return of("address-refused", "No address of the host may be dialled", detail, false);
        }
        if (cause instanceof InvalidUrlException) {
            return invalidUrl(detail);
        }
        if (cause instanceof BodyTooLargeException) {
            return of("body-too-large", "The body is too large", detail, false);
        }
        if (cause instanceof CircuitOpenException) {
            return of("circuit-open", "The host is left alone for a while", detail, true);
        }
        if (cause instanceof HostLimitException) {
            return of("host-limit", "The host has its fill of requests", detail, true);
        }
        if (cause instanceof UnknownHostException) {
            return of("unknown-host", "The host has no address", detail, true);
        }
        if (cause instanceof ConnectionRequestTimeoutException) {
            return of("pool-exhausted", "No connection was free in time", detail, true);
        }
        if (cause instanceof OperationTimeoutException || cause instanceof SocketTimeoutException) {
            return of("timeout", "It took too long", detail, true);
        }
        if (cause instanceof SSLException) {
            return of("tls", "The TLS handshake failed", detail, false);
        }
        if (cause instanceof HttpException) {
            return of("protocol", "The response is not valid", detail, false);
        }
        if (cause instanceof CancellationException) {
            return shuttingDown();
        }
        return of("connection", "The connection failed", detail, true);
    }

    private static FetchProblem of(String type, String title, String detail, boolean retryable) {
        return new FetchProblem(ProblemException.TYPES + type, title, detail, retryable);
    }

    private static String say(Throwable failure) {
        String message = failure.getMessage();
        String text = message == null ? failure.getClass().getSimpleName() : message;
        return text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL) + " ...";
    }
}
