package io.github.hc5.utls.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an alert rule looks at. Rates and shares go from 0 to 1; without exchanges there is no rate, and no rule on one holds. */
public enum AlertMetric {
    /** Exchanges that went well, of those in the sliding window of the pool's health. */
    SUCCESS_RATE,
    /** Exchanges that failed, of those in the sliding window. */
    ERROR_RATE,
    /** Connections with an exchange in flight or being opened, as a share of the total limit. */
    ACTIVE_CONNECTIONS,
    /** Connections that hold a slot, idle ones included, as a share of the total limit. */
    OPEN_CONNECTIONS,
    /** Leases that wait for a connection. */
    WAITING_LEASES,
    /** The mean time of the exchanges in the sliding window, in seconds. */
    MEAN_RESPONSE_TIME,
    /** Bans in force. */
    BANS,
    /** Memory in use, as a share of the most that the JVM may use. */
    MEMORY;

    /** Returns its name in configuration: {@code success_rate}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the metric with this name in configuration.
     *
     * @throws IllegalArgumentException if there is no such metric; the message names those there are
     */
    public static AlertMetric of(String key) {
        List<String> keys = Arrays.stream(values()).map(AlertMetric::key).toList();
        int index = keys.indexOf(key);
        if (index < 0) {
            throw new IllegalArgumentException("metric is '" + key + "', must be one of " + String.join(", ", keys));
        }
        return values()[index];
    }
}
