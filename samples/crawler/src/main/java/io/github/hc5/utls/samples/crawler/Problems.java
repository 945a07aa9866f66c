package io.github.hc5.utls.samples.crawler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers every failure with problem details (RFC 9457), and tells callers nothing of the inside. */
@RestControllerAdvice
final class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    @ExceptionHandler
    ProblemDetail unexpected(RuntimeException failure) {
        LOG.error("a request failed", failure);
        return ProblemException.details(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "The service failed",
                "This is the service's fault; its log says more.");
    }
}
