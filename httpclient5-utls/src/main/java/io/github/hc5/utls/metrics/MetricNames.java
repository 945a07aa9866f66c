package io.github.hc5.utls.metrics;

import java.util.Locale;

/** How values are written in tags and events. */
final class MetricNames {

    private MetricNames() {}

    /** In lower case: {@code timed_out}. */
    static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
