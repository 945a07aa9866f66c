package io.github.hc5.utls.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One meter read from a picture of the pool.
 *
 * @param <T> the picture it is read from
 * @param unit the base unit, {@code null} for a number
 * @param tags those that tell this meter from others of its name, besides those of what the picture is of
 * @param value the value, or the total in seconds of a timer
 * @param count of a timer
 */
record PoolMeter<T>(
        Kind kind,
        String name,
        @Nullable String unit,
        String description,
        Tags tags,
        ToDoubleFunction<T> value,
        @Nullable ToLongFunction<T> count) {

    enum Kind {
        GAUGE,
        COUNTER,
        TIMER
    }

    static <T> PoolMeter<T> gauge(String name, @Nullable String unit, String description, ToDoubleFunction<T> value) {
        return new PoolMeter<>(Kind.GAUGE, name, unit, description, Tags.empty(), value, null);
    }

    static <T> PoolMeter<T> counter(String name, @Nullable String unit, String description, ToDoubleFunction<T> value) {
        return new PoolMeter<>(Kind.COUNTER, name, unit, description, Tags.empty(), value, null);
    }

    static <T> PoolMeter<T> timer(
            String name, String description, ToLongFunction<T> count, ToDoubleFunction<T> seconds) {
        return new PoolMeter<>(Kind.TIMER, name, "seconds", description, Tags.empty(), seconds, count);
    }

    PoolMeter<T> tagged(String key, String tag) {
        return new PoolMeter<>(kind, name, unit, description, tags.and(key, tag), value, count);
    }

    List<String> tagKeys() {
        return tags.stream().map(t -> t.getKey()).toList();
    }
}
