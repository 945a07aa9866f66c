package io.github.hc5.utls.resilience;

import java.io.IOException;
import java.io.Serial;
import org.apache.hc.core5.http.HttpHost;

/** Stands for a response among the tries of a request that was tried again because of its status. */
final class HttpStatusException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    HttpStatusException(HttpHost host, int status) {
        super(host + " answered with " + status);
    }
}
