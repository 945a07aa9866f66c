package io.github.hc5.utls.health;

import java.time.Duration;

/**
 * When an address, a host or a pool counts as unwell and what follows. Immutable; {@link #builder()} starts from the
 * defaults.
 *
 * @param window over which success rates and latencies are taken; 1 s to 1 h, 60 s by default
 * @param minRequests fewer exchanges in a window than this say nothing of a success rate; 1 or more, 20 by default
 * @param dialFailures dials in a row that must fail for an address to be ejected; 1 or more, 1 by default
 * @param exchangeFailures exchanges in a row that must fail for an address to be ejected; 1 or more, 5 by default
 * @param ejectionTime of an address' first ejection; each further one doubles it; positive, 30 s by default
 * @param maxEjectionTime no ejection lasts longer; at least {@code ejectionTime}, 5 min by default
 * @param maxOutShare the largest share of a host's addresses that may be out (ejected or banned by a status) at once;
 *     one always stays; 0 to 1, 0.5 by default
 * @param panicShare below this share of well addresses all are used; 0 (never) to 1, 0.25 by default
 * @param overloadShare above this share of leased connections the pool is in overload; above 0 to 1, 0.9 by default
 * @param successShare below this share of successful exchanges the pool is unhealthy; 0 to 1, 0.8 by default
 * @param hostFailures failures in a row, of whichever addresses, after which a host counts as failed; 1 or more, 10 by
 *     default
 * @param recoveryTime how long a failed host is left before it is discovered anew; positive, 30 s by default
 */
public record HealthSettings(
        Duration window,
        int minRequests,
        int dialFailures,
        int exchangeFailures,
        Duration ejectionTime,
        Duration maxEjectionTime,
        double maxOutShare,
        double panicShare,
        double overloadShare,
        double successShare,
        int hostFailures,
        Duration recoveryTime) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public HealthSettings {
        if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("window is " + window + ", must be from 1 s to 1 h");
        }
        atLeastOne("minRequests", minRequests);
        atLeastOne("dialFailures", dialFailures);
        atLeastOne("exchangeFailures", exchangeFailures);
        positive("ejectionTime", ejectionTime);
        if (maxEjectionTime.compareTo(ejectionTime) < 0) {
            throw new IllegalArgumentException(
                    "maxEjectionTime is " + maxEjectionTime + ", must be at least ejectionTime (" + ejectionTime + ")");
        }
        share("maxOutShare", maxOutShare);
        share("panicShare", panicShare);
        share("overloadShare", overloadShare);
        if (overloadShare == 0) {
            throw new IllegalArgumentException("overloadShare is 0, must be above 0 and at most 1");
        }
        share("successShare", successShare);
        atLeastOne("hostFailures", hostFailures);
        positive("recoveryTime", recoveryTime);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", must be 1 or more");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ", must be positive");
        }
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from 0 to 1");
        }
    }

    /** Returns the defaults. */
    public static HealthSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.window = window;
        b.minRequests = minRequests;
        b.dialFailures = dialFailures;
        b.exchangeFailures = exchangeFailures;
        b.ejectionTime = ejectionTime;
        b.maxEjectionTime = maxEjectionTime;
        b.maxOutShare = maxOutShare;
        b.panicShare = panicShare;
        b.overloadShare = overloadShare;
        b.successShare = successShare;
        b.hostFailures = hostFailures;
        b.recoveryTime = recoveryTime;
        return b;
    }

    /** Builds {@link HealthSettings}. Not thread-safe. */
    public static final class Builder {

        private Duration window = Duration.ofSeconds(60);
        private int minRequests = 20;
        private int dialFailures = 1;
        private int exchangeFailures = 5;
        private Duration ejectionTime = Duration.ofSeconds(30);
        private Duration maxEjectionTime = Duration.ofMinutes(5);
        private double maxOutShare = 0.5;
        private double panicShare = 0.25;
        private double overloadShare = 0.9;
        private double successShare = 0.8;
        private int hostFailures = 10;
        private Duration recoveryTime = Duration.ofSeconds(30);

        private Builder() {}

        public Builder window(Duration value) {
            window = value;
            return this;
        }

        public Builder minRequests(int value) {
            minRequests = value;
            return this;
        }

        public Builder dialFailures(int value) {
            dialFailures = value;
            return this;
        }

        public Builder exchangeFailures(int value) {
            exchangeFailures = value;
            return this;
        }

        public Builder ejectionTime(Duration value) {
            ejectionTime = value;
            return this;
        }

        public Builder maxEjectionTime(Duration value) {
            maxEjectionTime = value;
            return this;
        }

        public Builder maxOutShare(double value) {
            maxOutShare = value;
            return this;
        }

        public Builder panicShare(double value) {
            panicShare = value;
            return this;
        }

        public Builder overloadShare(double value) {
            overloadShare = value;
            return this;
        }

        public Builder successShare(double value) {
            successShare = value;
            return this;
        }

        public Builder hostFailures(int value) {
            hostFailures = value;
            return this;
        }

        public Builder recoveryTime(Duration value) {
            recoveryTime = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value or a combination is not allowed
         */
        public HealthSettings build() {
            return new HealthSettings(
                    window,
                    minRequests,
                    dialFailures,
                    exchangeFailures,
                    ejectionTime,
                    maxEjectionTime,
                    maxOutShare,
                    panicShare,
                    overloadShare,
                    successShare,
                    hostFailures,
                    recoveryTime);
        }
    }
}
