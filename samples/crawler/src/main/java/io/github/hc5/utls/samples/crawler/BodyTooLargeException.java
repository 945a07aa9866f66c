package io.github.hc5.utls.samples.crawler;

import java.io.Serial;
import org.apache.hc.core5.http.ContentTooLongException;

/** A response's body is larger than the service takes. */
final class BodyTooLargeException extends ContentTooLongException {

    @Serial
    private static final long serialVersionUID = 1L;

    BodyTooLargeException(int limit) {
        super("the body is larger than %d bytes (crawler.limits.body-bytes)", limit);
    }
}
