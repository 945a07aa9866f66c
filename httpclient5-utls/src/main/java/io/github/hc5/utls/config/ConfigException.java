package io.github.hc5.utls.config;

import java.util.List;

/** A configuration has mistakes. The message lists all of them, one a line, each with its place. */
public final class ConfigException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns the mistakes, each as {@code file:line:column: key: what is wrong, what is allowed}. */
    public List<String> problems() {
        return problems;
    }
}
