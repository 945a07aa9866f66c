package io.github.hc5.utls.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value as a layer has it, before its key says what it means.
 *
 * @param value a text, a number, a boolean, a list or a map of raw values, or whatever else a source knows
 * @param lenient whether the source has texts only, so that {@code "5"} may mean 5
 */
record RawValue(@Nullable Object value, Origin origin, boolean lenient) {

    private static final int LONGEST = 60;

    @SuppressWarnings("unchecked") // who builds one puts only raw values into its lists and maps
    List<RawValue> list() {
        return (List<RawValue>) Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    Map<String, RawValue> map() {
        return (Map<String, RawValue>) Objects.requireNonNull(value);
    }

    boolean isList() {
        return value instanceof List;
    }

    boolean isMap() {
        return value instanceof Map;
    }

    /** What a message calls the value. */
    String description() {
        if (value instanceof String text) {
            String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
            return "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        return kind();
    }

    /** What a message calls the value where it must not be shown. */
    String kind() {
        if (value instanceof String) {
            return "a string";
        } else if (value instanceof Long || value instanceof Integer) {
            return "an integer";
        } else if (value instanceof Number) {
            return "a decimal number";
        } else if (value instanceof Boolean) {
            return "a boolean";
        } else if (value instanceof List) {
            return "an array";
        } else if (value instanceof Map) {
            return "a table";
        }
        return value == null ? "nothing" : "a date or time";
    }
}
