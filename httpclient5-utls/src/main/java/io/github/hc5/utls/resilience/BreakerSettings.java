package io.github.hc5.utls.resilience;

import java.time.Duration;

/**
 * When requests to a host are no longer sent because they would fail. Immutable; {@link #builder()} starts from the
 * defaults.
 *
 * @param enabled true by default
 * @param failureShare the share of failures from which on the breaker opens; above 0, up to 1, 0.5 by default
 * @param minRequests fewer within the window say nothing; 1 or more, 20 by default
 * @param window over which failures are counted; positive, 10 s by default
 * @param openTime how long a host is left alone; positive, 5 s by default
 * @param probes requests that are let through after that, and must all succeed for the breaker to close; 1 or more, 3 by default
 */
public record BreakerSettings(
        boolean enabled, double failureShare, int minRequests, Duration window, Duration openTime, int probes) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public BreakerSettings {

        Values.range("failureShare", failureShare, Double.MIN_VALUE, 1);
        Values.atLeast("minRequests", minRequests, 1);
        Values.positive("window", window);
        Values.positive("openTime", openTime);
        Values.atLeast("probes", probes, 1);
    }

    /** Returns the defaults. */
    public static BreakerSettings defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.enabled = enabled;
        b.failureShare = failureShare;
        b.minRequests = minRequests;
        b.window = window;
        b.openTime = openTime;
        b.probes = probes;
        return b;
    }

    /** Builds settings; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private boolean enabled = true;
        private double failureShare = 0.5;
        private int minRequests = 20;
        private Duration window = Duration.ofSeconds(10);
        private Duration openTime = Duration.ofSeconds(5);
        private int probes = 3;

        private Builder() {}

        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        public Builder failureShare(double value) {
            failureShare = value;
            return this;
        }

        public Builder minRequests(int value) {
            minRequests = value;
            return this;
        }

        public Builder window(Duration value) {
            window = value;
            return this;
        }

        public Builder openTime(Duration value) {
            openTime = value;
            return this;
        }

        public Builder probes(int value) {
            probes = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public BreakerSettings build() {
            return new BreakerSettings(enabled, failureShare, minRequests, window, openTime, probes);
        }
    }
}
