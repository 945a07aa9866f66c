package io.github.hc5.utls.resilience;

import java.time.Duration;

/**
 * What a {@link StaleFallback} keeps. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param maxBytes what all stored responses may take in memory, about; 1 or more, 64 MiB by default
 * @param maxBodyBytes the largest body that is stored; 1 or more, 1 MiB by default
 * @param keep how long a response is kept, and so how old one can be that is served; positive, one day by default
 */
public record CacheSettings(long maxBytes, int maxBodyBytes, Duration keep) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public CacheSettings {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + ", must be 1 or more");
        }
        Values.atLeast("maxBodyBytes", maxBodyBytes, 1);
        Values.positive("keep", keep);
    }

    /** Returns the defaults. */
    public static CacheSettings defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        return new Builder().maxBytes(maxBytes).maxBodyBytes(maxBodyBytes).keep(keep);
    }

    /** Builds settings; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private long maxBytes = 64L << 20;
        private int maxBodyBytes = 1 << 20;
        private Duration keep = Duration.ofDays(1);

        private Builder() {}

        public Builder maxBytes(long value) {
            maxBytes = value;
            return this;
        }

        public Builder maxBodyBytes(int value) {
            maxBodyBytes = value;
            return this;
        }

        public Builder keep(Duration value) {
            keep = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public CacheSettings build() {
            return new CacheSettings(maxBytes, maxBodyBytes, keep);
        }
    }
}
