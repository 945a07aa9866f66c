package io.github.hc5.utls.address;

import java.time.Duration;
import java.util.List;

/**
 * Which responses ban an address, and for how long. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param rules the first one that covers a host counts for it; by default 403 bans, on every host
 * @param banTime after which a banned address is checked; positive, 5 min by default
 * @param growth by which the time of each further ban in a row is multiplied; 1 to 10, 2 by default
 * @param maxBanTime no ban lasts longer; at least {@code banTime}, 1 h by default
 * @param probe whether a banned address is asked once by the pool itself when its time is up and returns only if it
 *     answers well; without, it returns when its time is up; true by default
 * @param probePath what it is asked for; {@code /} by default
 * @param maxBans how many bans are remembered; the least recently used are forgotten; 1 or more, 10,000 by default
 */
public record BanSettings(
        List<BanRule> rules,
        Duration banTime,
        double growth,
        Duration maxBanTime,
        boolean probe,
        String probePath,
        int maxBans) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public BanSettings {
        rules = List.copyOf(rules);
        if (banTime.isNegative() || banTime.isZero()) {
            throw new IllegalArgumentException("banTime is " + banTime + ", must be positive");
        }
        if (!(growth >= 1 && growth <= 10)) {
            throw new IllegalArgumentException("growth is " + growth + ", must be from 1 to 10");
        }
        if (maxBanTime.compareTo(banTime) < 0) {
            throw new IllegalArgumentException(
                    "maxBanTime is " + maxBanTime + ", must be at least banTime (" + banTime + ")");
        }
        if (!probePath.startsWith("/")) {
            throw new IllegalArgumentException("probePath is '" + probePath + "', must begin with /");
        }
        if (maxBans < 1) {
            throw new IllegalArgumentException("maxBans is " + maxBans + ", must be 1 or more");
        }
    }

    /** Returns the defaults. */
    public static BanSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.rules = rules;
        b.banTime = banTime;
        b.growth = growth;
        b.maxBanTime = maxBanTime;
        b.probe = probe;
        b.probePath = probePath;
        b.maxBans = maxBans;
        return b;
    }

    /** Builds {@link BanSettings}. Not thread-safe. */
    public static final class Builder {

        private List<BanRule> rules = List.of(BanRule.of("*", 403));
        private Duration banTime = Duration.ofMinutes(5);
        private double growth = 2;
        private Duration maxBanTime = Duration.ofHours(1);
        private boolean probe = true;
        private String probePath = "/";
        private int maxBans = 10_000;

        private Builder() {}

        public Builder rules(List<BanRule> value) {
            rules = value;
            return this;
        }

        public Builder banTime(Duration value) {
            banTime = value;
            return this;
        }

        public Builder growth(double value) {
            growth = value;
            return this;
        }

        public Builder maxBanTime(Duration value) {
            maxBanTime = value;
            return this;
        }

        public Builder probe(boolean value) {
            probe = value;
            return this;
        }

        public Builder probePath(String value) {
            probePath = value;
            return this;
        }

        public Builder maxBans(int value) {
            maxBans = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value or a combination is not allowed
         */
        public BanSettings build() {
            return new BanSettings(rules, banTime, growth, maxBanTime, probe, probePath, maxBans);
        }
    }
}
