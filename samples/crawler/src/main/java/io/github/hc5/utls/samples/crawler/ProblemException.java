package io.github.hc5.utls.samples.crawler;

import java.io.Serial;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request that is refused, said to its caller as problem details (RFC 9457). */
final class ProblemException extends ErrorResponseException {

    /** What the types of all problems begin with. */
    static final String TYPES = "urn:utls-crawler:problem:";

    @Serial
    private static final long serialVersionUID = 1L;

    ProblemException(HttpStatus status, String type, String title, String detail) {
        super(status, details(status, type, title, detail), null);
    }

    static ProblemDetail details(HttpStatus status, String type, String title, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create(TYPES + type));
        problem.setTitle(title);
        return problem;
    }

    /** Adds when it makes sense to ask again. */
    ProblemException retryAfterSeconds(int seconds) {
        getHeaders().set("Retry-After", Integer.toString(seconds));
        return this;
    }
}
