package io.github.hc5.utls.pool;

import java.time.Duration;

/**
 * How the pool's limits follow its load. Off by default. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param enabled whether the limits move at all
 * @param base the total limit they never fall below; 1 or more, 10 by default
 * @param ceiling the total limit they never rise above; at least {@code base}, 1,000 by default
 * @param interval between two looks at the load; 1 s or more, 10 s by default
 * @param expectedConcurrency requests in flight that are expected at the start; 0: not known (the default), the limits
 *     then start where the pool's settings put them, else at {@link PoolSettings#sizeFor}
 * @param expectedResponseTime that goes with it; positive, 1 s by default
 */
public record SizingSettings(
        boolean enabled,
        int base,
        int ceiling,
        Duration interval,
        int expectedConcurrency,
        Duration expectedResponseTime) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public SizingSettings {
        if (base < 1) {
            throw new IllegalArgumentException("base is " + base + ", must be 1 or more");
        }
        if (ceiling < base) {
            throw new IllegalArgumentException("ceiling is " + ceiling + ", must be at least base (" + base + ")");
        }
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("interval is " + interval + ", must be 1 s or more");
        }
        if (expectedConcurrency < 0) {
            throw new IllegalArgumentException("expectedConcurrency is " + expectedConcurrency + ", must be 0 or more");
        }
        if (expectedResponseTime.isNegative() || expectedResponseTime.isZero()) {
            throw new IllegalArgumentException(
                    "expectedResponseTime is " + expectedResponseTime + ", must be positive");
        }
    }

    /** Returns the defaults: off. */
    public static SizingSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.enabled = enabled;
        b.base = base;
        b.ceiling = ceiling;
        b.interval = interval;
        b.expectedConcurrency = expectedConcurrency;
        b.expectedResponseTime = expectedResponseTime;
        return b;
    }

    /** Builds {@link SizingSettings}; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private boolean enabled;
        private int base = 10;
        private int ceiling = 1000;
        private Duration interval = Duration.ofSeconds(10);
        private int expectedConcurrency;
        private Duration expectedResponseTime = Duration.ofSeconds(1);

        private Builder() {}

        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        public Builder base(int value) {
            base = value;
            return this;
        }

        public Builder ceiling(int value) {
            ceiling = value;
            return this;
        }

        public Builder interval(Duration value) {
            interval = value;
            return this;
        }

        public Builder expectedConcurrency(int value) {
            expectedConcurrency = value;
            return this;
        }

        public Builder expectedResponseTime(Duration value) {
            expectedResponseTime = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value or a combination is not allowed
         */
        public SizingSettings build() {
            return new SizingSettings(enabled, base, ceiling, interval, expectedConcurrency, expectedResponseTime);
        }
    }
}
