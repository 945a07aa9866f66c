package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists all that is wrong in a profile file, each problem as {@code file:line:column: key: what is wrong, what is allowed}.
 */
public final class ProfileFormatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> problems;

    ProfileFormatException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = new ArrayList<>(problems);
    }

    ProfileFormatException(List<String> problems, Throwable cause) {
        this(problems);
        initCause(cause);
    }

    /** Returns the problems in the order in which they were found, at least one. */
    public List<String> problems() {
        return List.copyOf(problems);
    }
}
