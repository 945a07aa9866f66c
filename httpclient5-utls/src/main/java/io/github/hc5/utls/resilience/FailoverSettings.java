package io.github.hc5.utls.resilience;

import java.time.Duration;

/**
 * When a {@link FailoverConnectionManager} goes over to its backup and back. Immutable; {@link #builder()} starts from the
 * defaults.
 *
 * @param probeInterval between two looks at the primary while the backup is in use; positive, 30 s by default
 * @param failuresToSwitch connects in a row that fail; 1 or more, 5 by default
 * @param probesToReturn looks in a row that must find the primary well; 1 or more, 2 by default
 * @param minStay how long the backup is used at least, doubled when the primary fails again soon after the return, so that traffic does not flap; positive, 30 s by default
 * @param maxStay what doubling ends at; at least {@code minStay}, 10 min by default
 */
public record FailoverSettings(
        Duration probeInterval, int failuresToSwitch, int probesToReturn, Duration minStay, Duration maxStay) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public FailoverSettings {

        Values.positive("probeInterval", probeInterval);
        Values.atLeast("failuresToSwitch", failuresToSwitch, 1);
        Values.atLeast("probesToReturn", probesToReturn, 1);
        Values.positive("minStay", minStay);
        Values.notBelow("maxStay", maxStay, "minStay", minStay);
    }

    /** Returns the defaults. */
    public static FailoverSettings defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.probeInterval = probeInterval;
        b.failuresToSwitch = failuresToSwitch;
        b.probesToReturn = probesToReturn;
        b.minStay = minStay;
        b.maxStay = maxStay;
        return b;
    }

    /** Builds settings; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private Duration probeInterval = Duration.ofSeconds(30);
        private int failuresToSwitch = 5;
        private int probesToReturn = 2;
        private Duration minStay = Duration.ofSeconds(30);
        private Duration maxStay = Duration.ofMinutes(10);

        private Builder() {}

        public Builder probeInterval(Duration value) {
            probeInterval = value;
            return this;
        }

        public Builder failuresToSwitch(int value) {
            failuresToSwitch = value;
            return this;
        }

        public Builder probesToReturn(int value) {
            probesToReturn = value;
            return this;
        }

        public Builder minStay(Duration value) {
            minStay = value;
            return this;
        }

        public Builder maxStay(Duration value) {
            maxStay = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public FailoverSettings build() {
            return new FailoverSettings(probeInterval, failuresToSwitch, probesToReturn, minStay, maxStay);
        }
    }
}
