package io.github.hc5.utls.samples.crawler;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A settings file is not TOML. */
final class TomlException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    TomlException(String message) {
        super(message);
    }

    /** Says so at the start without a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<TomlException> {

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable rootFailure, TomlException cause) {
            return new FailureAnalysis(
                    "The settings are not TOML:\n\n    " + cause.getMessage(), "Correct the file", cause);
        }
    }
}
