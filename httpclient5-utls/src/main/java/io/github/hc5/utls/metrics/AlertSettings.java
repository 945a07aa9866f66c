package io.github.hc5.utls.metrics;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which figures raise an alert and what follows. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param enabled whether rules are looked at; they are by default
 * @param rules with names that differ; by default {@link #defaultRules()}
 * @param interval between two looks; 1 s or more, 10 s by default
 * @param webhook where {@code webhook} posts to, http or https; {@code null}: nowhere, no rule may then name that action
 * @param webhookTimeout for one post; positive, 10 s by default
 * @param webhookTries posts until one is answered with a status below 300; 1 to 10, 3 by default
 * @param scaleFactor by which {@code scale_up} grows the limits; above 1, to 10; 1.5 by default
 * @param scaleCeiling the total limit that {@code scale_up} does not exceed; 1 or more, 1,000 by default
 */
public record AlertSettings(
        boolean enabled,
        List<AlertRule> rules,
        Duration interval,
        @Nullable URI webhook,
        Duration webhookTimeout,
        int webhookTries,
        double scaleFactor,
        int scaleCeiling) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public AlertSettings {
        rules = List.copyOf(rules);
        Set<String> names = new HashSet<>();
        for (AlertRule rule : rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException("two rules have the name '" + rule.name() + "', names must differ");
            }
            if (webhook == null && rule.actions().contains(AlertRule.WEBHOOK)) {
                throw new IllegalArgumentException(
                        "webhook is not set, but the rule '" + rule.name() + "' has that action");
            }
        }
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("interval is " + interval + ", must be 1 s or more");
        }
        if (webhook != null && !isHttp(webhook)) {
            throw new IllegalArgumentException("webhook is '" + masked(webhook) + "', must be an http or https URL");
        }
        if (webhookTimeout.isNegative() || webhookTimeout.isZero()) {
            throw new IllegalArgumentException("webhookTimeout is " + webhookTimeout + ", must be positive");
        }
        if (webhookTries < 1 || webhookTries > 10) {
            throw new IllegalArgumentException("webhookTries is " + webhookTries + ", must be from 1 to 10");
        }
        if (!(scaleFactor > 1 && scaleFactor <= 10)) {
            throw new IllegalArgumentException("scaleFactor is " + scaleFactor + ", must be above 1 and at most 10");
        }
        if (scaleCeiling < 1) {
            throw new IllegalArgumentException("scaleCeiling is " + scaleCeiling + ", must be 1 or more");
        }
    }

    private static boolean isHttp(URI uri) {
        boolean scheme = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        return scheme && uri.getHost() != null;
    }

    /** Returns a URL as it may be shown: whatever may be a secret in it (user, path, query) is left out. */
    static String masked(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + "/...";
    }

    /** Returns the rules that hold where no others are set: success rate, error rate, connections in use. */
    public static List<AlertRule> defaultRules() {
        List<String> log = List.of(AlertRule.LOG);
        return List.of(
                new AlertRule(
                        "low-success-rate",
                        AlertMetric.SUCCESS_RATE,
                        AlertOperator.LESS,
                        0.8,
                        Duration.ofMinutes(5),
                        log),
                new AlertRule(
                        "high-error-rate",
                        AlertMetric.ERROR_RATE,
                        AlertOperator.GREATER,
                        0.2,
                        Duration.ofMinutes(5),
                        log),
                new AlertRule(
                        "pool-nearly-full",
                        AlertMetric.ACTIVE_CONNECTIONS,
                        AlertOperator.GREATER,
                        0.9,
                        Duration.ofMinutes(1),
                        log));
    }

    /** Returns the defaults. */
    public static AlertSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.enabled = enabled;
        b.rules = rules;
        b.interval = interval;
        b.webhook = webhook;
        b.webhookTimeout = webhookTimeout;
        b.webhookTries = webhookTries;
        b.scaleFactor = scaleFactor;
        b.scaleCeiling = scaleCeiling;
        return b;
    }

    @Override
    public String toString() {
        return "AlertSettings[enabled=" + enabled + ", rules=" + rules + ", interval=" + interval + ", webhook="
                + (webhook == null ? "none" : masked(webhook)) + ", webhookTimeout=" + webhookTimeout
                + ", webhookTries=" + webhookTries + ", scaleFactor=" + scaleFactor + ", scaleCeiling=" + scaleCeiling
                + "]";
    }

    /** Builds {@link AlertSettings}; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private boolean enabled = true;
        private List<AlertRule> rules = defaultRules();
        private Duration interval = Duration.ofSeconds(10);
        private @Nullable URI webhook;
        private Duration webhookTimeout = Duration.ofSeconds(10);
        private int webhookTries = 3;
        private double scaleFactor = 1.5;
        private int scaleCeiling = 1000;

        private Builder() {}

        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        public Builder rules(List<AlertRule> value) {
            rules = value;
            return this;
        }

        public Builder interval(Duration value) {
            interval = value;
            return this;
        }

        public Builder webhook(@Nullable URI value) {
            webhook = value;
            return this;
        }

        public Builder webhookTimeout(Duration value) {
            webhookTimeout = value;
            return this;
        }

        public Builder webhookTries(int value) {
            webhookTries = value;
            return this;
        }

        public Builder scaleFactor(double value) {
            scaleFactor = value;
            return this;
        }

        public Builder scaleCeiling(int value) {
            scaleCeiling = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value or a combination is not allowed
         */
        public AlertSettings build() {
            return new AlertSettings(
                    enabled, rules, interval, webhook, webhookTimeout, webhookTries, scaleFactor, scaleCeiling);
        }
    }
}
