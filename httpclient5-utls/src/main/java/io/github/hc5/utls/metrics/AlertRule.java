package io.github.hc5.utls.metrics;

import java.time.Duration;
import java.util.List;

/**
 * When somebody is to be told, and how. Immutable.
 *
 * @param name of the rule, as it is told; not blank
 * @param metric what it looks at
 * @param operator how that is compared
 * @param threshold with what; a finite number
 * @param duration how long the comparison must hold without a break before the alert fires; zero: at once
 * @param actions what is done when it fires and when it clears, by name: {@code log}, {@code webhook}, {@code scale_up},
 *     {@code shutdown}, or those that the application adds; one or more
 */
public record AlertRule(
        String name,
        AlertMetric metric,
        AlertOperator operator,
        double threshold,
        Duration duration,
        List<String> actions) {

    /** The action that writes a line to the log. */
    public static final String LOG = "log";

    /** The action that posts JSON to a URL. */
    public static final String WEBHOOK = "webhook";

    /** The action that grows the limits, up to a ceiling. */
    public static final String SCALE_UP = "scale_up";

    /** The action that closes the pool gracefully. */
    public static final String SHUTDOWN = "shutdown";

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public AlertRule {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is '" + name + "', must not be blank");
        }
        if (!Double.isFinite(threshold)) {
            throw new IllegalArgumentException("threshold is " + threshold + ", must be a finite number");
        }
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration is " + duration + ", must be zero or positive");
        }
        actions = List.copyOf(actions);
        if (actions.isEmpty() || actions.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("actions is " + actions + ", must be the names of one or more actions");
        }
    }

    /** Returns the rule in words: {@code success_rate < 0.8 for 300 s}. */
    public String condition() {
        return metric.key() + " " + operator.symbol() + " " + threshold + " for " + duration.toSeconds() + " s";
    }
}
