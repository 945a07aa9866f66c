package io.github.hc5.utls.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.NestedExceptionUtils;

/** Says which property is wrong, its value, where it was set, and what is allowed. */
final class PoolPropertiesFailureAnalyzer implements FailureAnalyzer {

    private static final String ACTION = "Correct the properties above.";

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidPoolPropertiesException invalid) {
                return new FailureAnalysis(description(invalid), ACTION, cause);
            }
            if (cause instanceof InvalidConfigFileException file) {
                return new FailureAnalysis(
                        "Property: httpclient5.utls.config\n    Value: \"" + file.location() + "\"\n    Reason: "
                                + NestedExceptionUtils.getMostSpecificCause(file)
                                        .getMessage(),
                        "Name a TOML file that can be read.",
                        cause);
            }
        }
        return null;
    }

    private static String description(InvalidPoolPropertiesException failure) {
        StringBuilder text = new StringBuilder("The hot connection pool is not configured right:\n");
        for (InvalidPoolPropertiesException.Mistake mistake : failure.mistakes()) {
            if (mistake.property() == null) {
                text.append("\n    ").append(mistake.reason()).append('\n');
                continue;
            }
            text.append("\n    Property: ").append(mistake.property());
            text.append("\n    Value: \"").append(mistake.value()).append('"');
            if (mistake.origin() != null) {
                text.append("\n    Origin: ").append(mistake.origin());
            }
            text.append("\n    Reason: ").append(mistake.reason()).append('\n');
        }
        return text.toString();
    }
}
