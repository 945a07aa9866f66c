package io.github.hc5.utls.resilience;

import java.io.Serial;
import java.time.Duration;
import org.apache.hc.core5.http.HttpHost;

/** The request was not sent: its turn by the limits of its host would come later than is allowed. */
public final class HostLimitException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    HostLimitException(HttpHost host, String limit, Duration maxWait) {
        super(
                "Not sent to " + host + ": " + limit + " would make it wait longer than " + maxWait.toMillis() + " ms",
                null);
    }
}
