package io.github.hc5.utls.resilience;

import java.time.Duration;

/**
 * How many requests a host is sent. Requests beyond wait their turn, on no thread. Immutable; {@link #builder()} starts
 * from the defaults.
 *
 * @param perSecond requests begun in a second; 0 for no limit (the default), else up to 1,000,000
 * @param burst requests that may begin at once after a pause; 1 or more, 1 by default
 * @param maxInFlight requests in flight; 0 for no limit (the default)
 * @param maxWait a request that would have to wait longer for its turn fails at once; zero or more, 30 s by default
 */
public record RateSettings(double perSecond, int burst, int maxInFlight, Duration maxWait) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public RateSettings {

        Values.range("perSecond", perSecond, 0, 1_000_000);
        Values.atLeast("burst", burst, 1);
        Values.atLeast("maxInFlight", maxInFlight, 0);
        Values.notNegative("maxWait", maxWait);
    }

    /** Returns the defaults. */
    public static RateSettings defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.perSecond = perSecond;
        b.burst = burst;
        b.maxInFlight = maxInFlight;
        b.maxWait = maxWait;
        return b;
    }

    /** Builds settings; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private double perSecond = 0.0;
        private int burst = 1;
        private int maxInFlight = 0;
        private Duration maxWait = Duration.ofSeconds(30);

        private Builder() {}

        public Builder perSecond(double value) {
            perSecond = value;
            return this;
        }

        public Builder burst(int value) {
            burst = value;
            return this;
        }

        public Builder maxInFlight(int value) {
            maxInFlight = value;
            return this;
        }

        public Builder maxWait(Duration value) {
            maxWait = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public RateSettings build() {
            return new RateSettings(perSecond, burst, maxInFlight, maxWait);
        }
    }
}
