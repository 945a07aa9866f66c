package io.github.hc5.utls.resilience;

/**
 * How a {@link BatchExecutor} works off its requests. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param concurrency requests in flight; 1 or more, 64 by default
 * @param maxPerHost requests in flight for one host; 0 for no limit of its own (the default)
 * @param lookAhead requests taken from the source and not yet delivered, in flight or waiting for their host or for their place in the order; at least {@code concurrency}, 1024 by default
 * @param ordered whether results are delivered in the order of the source; false by default
 */
public record BatchSettings(int concurrency, int maxPerHost, int lookAhead, boolean ordered) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public BatchSettings {

        Values.atLeast("concurrency", concurrency, 1);
        Values.atLeast("maxPerHost", maxPerHost, 0);
        Values.atLeast("lookAhead", lookAhead, concurrency);
    }

    /** Returns the defaults. */
    public static BatchSettings defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.concurrency = concurrency;
        b.maxPerHost = maxPerHost;
        b.lookAhead = lookAhead;
        b.ordered = ordered;
        return b;
    }

    /** Builds settings; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private int concurrency = 64;
        private int maxPerHost = 0;
        private int lookAhead = 1024;
        private boolean ordered = false;

        private Builder() {}

        public Builder concurrency(int value) {
            concurrency = value;
            return this;
        }

        public Builder maxPerHost(int value) {
            maxPerHost = value;
            return this;
        }

        public Builder lookAhead(int value) {
            lookAhead = value;
            return this;
        }

        public Builder ordered(boolean value) {
            ordered = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public BatchSettings build() {
            return new BatchSettings(concurrency, maxPerHost, lookAhead, ordered);
        }
    }
}
