package io.github.hc5.utls.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What values a key can have, and how they are read from what stands in a source.
 *
 * @param kind of the value
 * @param allowed what is allowed, as a message says it after "must be"
 * @param choices all words of a {@link ConfigKind#CHOICE}, else none
 * @param reading reads a value; where it is not allowed, returns {@code null} and says what is wrong, where
 * @param writing writes a value as it stands in a TOML file
 */
record ValueType<T>(
        ConfigKind kind, String allowed, List<String> choices, Reading<T> reading, Function<T, String> writing) {

    /** Reads a value. */
    interface Reading<T> {
        @Nullable
        T read(RawValue raw, Report report);
    }

    /** Hears that a value is not allowed. */
    interface Report {
        /**
         * A value is not allowed.
         *
         * @param problem what is wrong; {@code null}: the value itself, as it stands there
         */
        void wrong(RawValue where, @Nullable String problem);
    }

    static ValueType<Integer> integer(int least, int most) {
        return new ValueType<>(
                ConfigKind.INTEGER,
                range("an integer", String.valueOf(least), most == Integer.MAX_VALUE ? null : String.valueOf(most)),
                List.of(),
                (raw, report) -> {
                    Long value = whole(raw);
                    if (value == null || value < least || value > most) {
                        report.wrong(raw, null);
                        return null;
                    }
                    return value.intValue();
                },
                String::valueOf);
    }

    static ValueType<Long> longInteger(long least, long most) {
        return new ValueType<>(
                ConfigKind.INTEGER,
                least == Long.MIN_VALUE && most == Long.MAX_VALUE
                        ? "an integer"
                        : range("an integer", String.valueOf(least), String.valueOf(most)),
                List.of(),
                (raw, report) -> {
                    Long value = whole(raw);
                    if (value == null || value < least || value > most) {
                        report.wrong(raw, null);
                        return null;
                    }
                    return value;
                },
                String::valueOf);
    }

    static ValueType<Double> number(double least, double most) {
        return new ValueType<>(
                ConfigKind.NUMBER,
                range("a number", plain(least), plain(most)),
                List.of(),
                (raw, report) -> {
                    Double value = decimal(raw);
                    if (value == null || !(value >= least && value <= most)) {
                        report.wrong(raw, null);
                        return null;
                    }
                    return value;
                },
                ValueType::plain);
    }

    static ValueType<Boolean> bool() {
        return new ValueType<>(
                ConfigKind.BOOLEAN,
                "true or false",
                List.of("true", "false"),
                (raw, report) -> {
                    if (raw.value() instanceof Boolean value) {
                        return value;
                    }
                    if (raw.lenient() && raw.value() instanceof String text) {
                        String word = text.strip().toLowerCase(Locale.ROOT);
                        if (word.equals("true") || word.equals("false")) {
                            return word.equals("true");
                        }
                    }
                    report.wrong(raw, null);
                    return null;
                },
                String::valueOf);
    }

    static ValueType<Duration> duration(Duration least, Duration most) {
        String range = range(
                "a duration",
                Durations.words(least),
                most.compareTo(Durations.LONGEST) >= 0 ? null : Durations.words(most));
        return new ValueType<>(
                ConfigKind.DURATION,
                range + ", as whole seconds or a string with a unit (" + Durations.UNITS + ")",
                List.of(),
                (raw, report) -> {
                    Duration value = durationOf(raw);
                    if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                        report.wrong(raw, null);
                        return null;
                    }
                    return value;
                },
                Durations::toml);
    }

    /** A text that is not empty, and what a check says is wrong with it; the check returns {@code null} for nothing. */
    static ValueType<String> text(String allowed, Function<String, @Nullable String> check) {
        return new ValueType<>(
                ConfigKind.TEXT,
                allowed,
                List.of(),
                (raw, report) -> {
                    if (!(raw.value() instanceof String text) || text.isBlank()) {
                        report.wrong(raw, null);
                        return null;
                    }
                    String problem = check.apply(text);
                    if (problem != null) {
                        report.wrong(raw, problem.isEmpty() ? null : problem);
                        return null;
                    }
                    return text;
                },
                ValueType::quoted);
    }

    static ValueType<String> text(String allowed) {
        return text(allowed, text -> null);
    }

    /** One of an enum's constants by their texts, in lower case. */
    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        List<String> words = constants.stream().map(ValueType::word).toList();
        return new ValueType<>(
                ConfigKind.CHOICE,
                "one of " + String.join(", ", words),
                words,
                (raw, report) -> {
                    int index = raw.value() instanceof String text ? words.indexOf(text) : -1;
                    if (index < 0 && raw.lenient() && raw.value() instanceof String text) {
                        index = words.stream().map(ValueType::folded).toList().indexOf(folded(text));
                    }
                    if (index < 0) {
                        report.wrong(raw, null);
                        return null;
                    }
                    return constants.get(index);
                },
                constant -> quoted(word(constant)));
    }

    /** One of some words. */
    static ValueType<String> word(List<String> words) {
        return new ValueType<>(
                ConfigKind.CHOICE,
                "one of " + String.join(", ", words),
                words,
                (raw, report) -> {
                    if (raw.value() instanceof String text && words.contains(text.strip())) {
                        return text.strip();
                    }
                    report.wrong(raw, null);
                    return null;
                },
                ValueType::quoted);
    }

    static ValueType<Path> file(String allowed, Function<Path, @Nullable String> check) {
        return new ValueType<>(
                ConfigKind.FILE,
                allowed,
                List.of(),
                (raw, report) -> {
                    if (!(raw.value() instanceof String text) || text.isBlank()) {
                        report.wrong(raw, null);
                        return null;
                    }
                    try {
                        Path path = Path.of(text);
                        String problem = check.apply(path);
                        if (problem == null) {
                            return path;
                        }
                        report.wrong(raw, problem);
                    } catch (InvalidPathException e) {
                        report.wrong(raw, null);
                    }
                    return null;
                },
                path -> quoted(path.toString()));
    }

    /** A list without duplicates; each entry is checked as the type of one says, and said where it stands. */
    static <T> ValueType<List<T>> list(ValueType<T> entry, boolean empty, String allowed) {
        return new ValueType<>(
                entry.kind == ConfigKind.INTEGER ? ConfigKind.INTEGERS : ConfigKind.TEXTS,
                allowed,
                entry.choices,
                (raw, report) -> {
                    List<RawValue> entries = entries(raw);
                    if (entries == null || (entries.isEmpty() && !empty)) {
                        report.wrong(raw, null);
                        return null;
                    }
                    Set<T> values = new LinkedHashSet<>();
                    boolean[] failed = new boolean[1];
                    Report noting = (where, problem) -> {
                        failed[0] = true;
                        report.wrong(where, problem);
                    };
                    for (RawValue one : entries) {
                        T value = entry.reading.read(one, noting);
                        if (value != null && !values.add(value)) {
                            noting.wrong(one, "has " + one.description() + " twice");
                        }
                    }
                    return failed[0] ? null : new ArrayList<>(values);
                },
                values -> "["
                        + String.join(", ", values.stream().map(entry.writing).toList()) + "]");
    }

    /** Wraps values, as a set for a list or a record for a text. */
    <U> ValueType<U> map(Function<T, U> to, Function<U, T> from) {
        return new ValueType<>(
                kind,
                allowed,
                choices,
                (raw, report) -> {
                    T value = reading.read(raw, report);
                    return value == null ? null : to.apply(value);
                },
                value -> writing.apply(from.apply(value)));
    }

    @Nullable
    T read(RawValue raw, boolean secret, BiConsumer<Origin, String> problem) {
        return reading.read(raw, (where, text) -> {
            String shown = secret ? where.kind() : where.description();
            String what = text != null ? text : (where.equals(raw) ? "is " : "has ") + shown;
            problem.accept(where.origin(), what + ", must be " + allowed);
        });
    }

    private static @Nullable List<RawValue> entries(RawValue raw) {
        if (raw.isList()) {
            return raw.list();
        }
        if (!raw.lenient() || !(raw.value() instanceof String text)) {
            return null;
        }
        List<RawValue> entries = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                entries.add(new RawValue(part.strip(), raw.origin(), true));
            }
        }
        return entries;
    }

    private static @Nullable Long whole(RawValue raw) {
        if (raw.value() instanceof Long || raw.value() instanceof Integer) {
            return ((Number) raw.value()).longValue();
        }
        if (raw.lenient() && raw.value() instanceof String text && text.strip().matches("[+-]?\\d{1,18}")) {
            return Long.valueOf(text.strip());
        }
        return null;
    }

    private static @Nullable Double decimal(RawValue raw) {
        if (raw.value() instanceof Number number) {
            return number.doubleValue();
        }
        if (raw.lenient()
                && raw.value() instanceof String text
                && text.strip().matches("[+-]?\\d{1,18}([.]\\d{1,18})?")) {
            return Double.valueOf(text.strip());
        }
        return null;
    }

    private static @Nullable Duration durationOf(RawValue raw) {
        if (raw.value() instanceof Duration given) {
            return given;
        }
        Long seconds = whole(raw);
        if (seconds != null) {
            return seconds >= 0 && seconds <= Durations.LONGEST.toSeconds() ? Duration.ofSeconds(seconds) : null;
        }
        return raw.value() instanceof String text ? Durations.parse(text).orElse(null) : null;
    }

    private static String word(Enum<?> constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    /** Sources that have texts only have other habits of case and hyphens, too. */
    private static String folded(String word) {
        return word.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    }

    private static String range(String kind, String least, @Nullable String most) {
        return most == null ? kind + " of " + least + " or more" : kind + " from " + least + " to " + most;
    }

    static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : new BigDecimal(String.valueOf(value)).stripTrailingZeros().toPlainString();
    }

    static String quoted(String text) {
        return '"' + org.tomlj.Toml.tomlEscape(text).toString() + '"';
    }
}
