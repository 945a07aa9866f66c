package io.github.hc5.utls.config;

/**
 * Where a value was set.
 *
 * @param source the name of the file, environment variable or other source
 * @param line in a file, from 1; 0 where there are no lines
 * @param column in a file, from 1; 0 where there are no lines
 */
public record Origin(String source, int line, int column) {

    /** Where what nobody has set comes from. */
    public static final Origin DEFAULT = new Origin("default", 0, 0);

    static Origin of(String source) {
        return new Origin(source, 0, 0);
    }

    /** Returns {@code file:line:column}, or the source alone where it has no lines. */
    @Override
    public String toString() {
        return line > 0 ? source + ":" + line + ":" + column : source;
    }
}
