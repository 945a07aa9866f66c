package io.github.hc5.utls.config;

import io.github.hc5.utls.config.ConfigKey.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Declares the keys of one table, one line each. Not thread-safe; used while the class {@link ConfigKeys} is made. */
final class KeyTable {

    private final String name;
    private final List<ConfigKey<?>> keys = new ArrayList<>();

    KeyTable(String name) {
        this.name = name;
    }

    /**
     * Adds a key.
     *
     * @param getter says the default, from the settings that nothing was set in
     */
    <T> KeyTable key(
            String key,
            ValueType<T> type,
            Function<UtlsConfig, @Nullable T> getter,
            BiConsumer<ConfigDraft, T> setter,
            Change change,
            String comment) {
        return add(
                key, type, getter, (draft, argument, value) -> setter.accept(draft, value), change, comment, false, "");
    }

    /** Adds a key without a default. */
    <T> KeyTable optional(
            String key,
            ValueType<T> type,
            BiConsumer<ConfigDraft, T> setter,
            Change change,
            String example,
            String comment) {
        return add(
                key,
                type,
                null,
                (draft, argument, value) -> setter.accept(draft, value),
                change,
                comment,
                false,
                example);
    }

    /** Adds a key without a default whose value is not shown. */
    KeyTable secret(String key, BiConsumer<ConfigDraft, String> setter, Change change, String comment) {
        return add(
                key,
                ValueType.text("a string that is not empty"),
                null,
                (draft, argument, value) -> setter.accept(draft, value),
                change,
                comment,
                true,
                "\"changeit\"");
    }

    /** Adds a key of which there is one for each name that the user gives; that part of the name is in angle brackets. */
    <T> KeyTable each(
            String key, ValueType<T> type, ConfigKey.Setter<T> setter, Change change, String example, String comment) {
        return add(key, type, null, setter, change, comment, false, example);
    }

    private <T> KeyTable add(
            String key,
            ValueType<T> type,
            @Nullable Function<UtlsConfig, @Nullable T> getter,
            ConfigKey.Setter<T> setter,
            Change change,
            String comment,
            boolean secret,
            String example) {
        String full = name.isEmpty() ? key : name + "." + key;
        keys.add(new ConfigKey<>(full, type, getter, setter, change, comment, secret, example));
        return this;
    }

    List<ConfigKey<?>> keys() {
        return List.copyOf(keys);
    }
}
