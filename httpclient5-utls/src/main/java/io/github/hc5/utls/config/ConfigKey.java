package io.github.hc5.utls.config;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One key: its name, what values it has, what it is for, and when a change of it takes effect. Immutable.
 *
 * @param <T> the type of its values
 */
public final class ConfigKey<T> {

    /** When a running pool follows a change of a key in its file. */
    public enum Change {
        /** With the next lease or the next turn of what it is about. */
        AT_ONCE,
        /** On connections opened from then on. */
        NEW_CONNECTIONS,
        /** When the program starts again. */
        RESTART
    }

    /** Takes over a value; an {@link IllegalArgumentException} says that it is not allowed. */
    interface Setter<T> {
        void set(ConfigDraft draft, String argument, T value);
    }

    private static final String PREFIX = "UTLS_";

    private final String name;
    private final List<String> segments;
    private final ValueType<T> type;
    private final @Nullable Function<UtlsConfig, @Nullable T> getter;
    private final Setter<T> setter;
    private final Change change;
    private final String comment;
    private final boolean secret;
    private final String example;

    ConfigKey(
            String name,
            ValueType<T> type,
            @Nullable Function<UtlsConfig, @Nullable T> getter,
            Setter<T> setter,
            Change change,
            String comment,
            boolean secret,
            String example) {
        this.name = name;
        this.segments = List.of(name.split("\\."));
        this.type = type;
        this.getter = getter;
        this.setter = setter;
        this.change = change;
        this.comment = comment;
        this.secret = secret;
        this.example = example;
    }

    /**
     * Returns the name from the root, such as {@code pool.max_connections}. Where a part of it is for the user to name, as a
     * host, that part stands in angle brackets: {@code tls.pins.<host>}.
     */
    public String name() {
        return name;
    }

    /** Returns the name without its last part; empty for a key at the root. */
    public String table() {
        return segments.size() == 1 ? "" : name.substring(0, name.lastIndexOf('.'));
    }

    /** Returns the last part of the name. */
    public String shortName() {
        return segments.get(segments.size() - 1);
    }

    List<String> segments() {
        return segments;
    }

    public ConfigKind kind() {
        return type.kind();
    }

    ValueType<T> type() {
        return type;
    }

    /** Returns the unit of a plain number; empty where it has none. */
    public String unit() {
        return kind() == ConfigKind.DURATION ? "seconds" : "";
    }

    /** Returns what is allowed, to be read after "must be". */
    public String allowed() {
        return type.allowed();
    }

    /** Returns the words that are allowed; empty where other values are. */
    public List<String> choices() {
        return type.choices();
    }

    /** Returns what it is for, in one sentence or two. */
    public String comment() {
        return comment;
    }

    public Change change() {
        return change;
    }

    /** Whether its value must not be shown. */
    public boolean isSecret() {
        return secret;
    }

    /** Whether a part of the name is for the user to name. */
    public boolean isPattern() {
        return name.indexOf('<') >= 0;
    }

    /** Returns the default as it would stand in a file; {@code null} where without a value there is none. */
    public @Nullable String defaultText() {
        T value = defaultValue();
        return value == null ? null : type.writing().apply(value);
    }

    @Nullable
    T defaultValue() {
        return getter == null ? null : getter.apply(UtlsConfig.defaults());
    }

    /** Returns a value as an example, as it would stand in a file; the default where there is one. */
    public String example() {
        String text = defaultText();
        return text != null ? text : example;
    }

    /**
     * Returns the name of the environment variable that sets it. Where a part of the name is for the user to name, it is that
     * of the whole table, whose value is an inline table of TOML.
     */
    public String environmentName() {
        String fixed = isPattern() ? name.substring(0, name.indexOf(".<")) : name;
        return PREFIX + fixed.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** Returns the bare name that the keys of {@code [pool]} have in the environment besides; else {@code null}. */
    public @Nullable String bareEnvironmentName() {
        return table().equals("pool") ? shortName().toUpperCase(Locale.ROOT) : null;
    }

    String nameWith(String argument) {
        if (!isPattern()) {
            return name;
        }
        StringBuilder text = new StringBuilder();
        for (String segment : segments) {
            String part = segment.startsWith("<")
                    ? (argument.matches("[A-Za-z0-9_-]+") ? argument : ValueType.quoted(argument))
                    : segment;
            text.append(text.isEmpty() ? "" : ".").append(part);
        }
        return text.toString();
    }

    void set(ConfigDraft draft, String argument, Object value) {
        @SuppressWarnings("unchecked") // the value was read by this key's own type
        T typed = (T) value;
        setter.set(draft, argument, typed);
    }

    String text(Object value) {
        @SuppressWarnings("unchecked") // the value was read by this key's own type
        T typed = (T) value;
        return type.writing().apply(typed);
    }

    @Override
    public String toString() {
        return name;
    }
}
