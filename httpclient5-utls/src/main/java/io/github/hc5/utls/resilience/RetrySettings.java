package io.github.hc5.utls.resilience;

import java.time.Duration;
import java.util.Set;

/**
 * When a request is tried again, how often and after how long. A number of tries counts the first one; a window begins
 * with the first try, and no try begins after its end. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param connectTries where no connection came about in time, or at all; 1 or more, 3 by default
 * @param connectWindow for those; positive, 15 s by default
 * @param unstableTries where a connection broke, or the peer did not take the request up; 1 or more, 3 by default
 * @param unstableWindow for those; positive, 10 s by default
 * @param bannedTries where the answer bans the address; 1 or more, 2 by default: one more, on another address
 * @param busyTries where the server asks to come back later; 1 or more, 5 by default
 * @param busyWindow for those, their waits included; positive, 30 s by default
 * @param busyStatuses the statuses that ask to come back later; 429 and 503 by default
 * @param bannedStatuses the statuses that ban an address; 403 by default
 * @param firstBackoff the most that is waited before the second try, doubled for each further one; each wait is drawn from zero to there (full jitter); positive, 100 ms by default
 * @param maxBackoff what doubling ends at; at least {@code firstBackoff}, 10 s by default
 * @param budgetShare the share of extra requests that retries may add over the budget window, over all hosts; 0 to 1, 0.2 by default
 * @param budgetWindow positive, 10 s by default
 * @param budgetFloor retries in a window that are allowed however few requests there are; 0 or more, 10 by default
 * @param heldBody a response whose body has no more than so many bytes is handed on only when it has arrived whole, so that a break inside it can be repaired; larger ones, and streams of events, are handed on as they come, and never repeated; 0 or more, 65536 by default
 */
public record RetrySettings(
        int connectTries,
        Duration connectWindow,
        int unstableTries,
        Duration unstableWindow,
        int bannedTries,
        int busyTries,
        Duration busyWindow,
        Set<Integer> busyStatuses,
        Set<Integer> bannedStatuses,
        Duration firstBackoff,
        Duration maxBackoff,
        double budgetShare,
        Duration budgetWindow,
        int budgetFloor,
        int heldBody) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public RetrySettings {

        Values.atLeast("connectTries", connectTries, 1);
        Values.positive("connectWindow", connectWindow);
        Values.atLeast("unstableTries", unstableTries, 1);
        Values.positive("unstableWindow", unstableWindow);
        Values.atLeast("bannedTries", bannedTries, 1);
        Values.atLeast("busyTries", busyTries, 1);
        Values.positive("busyWindow", busyWindow);
        busyStatuses = Values.statuses("busyStatuses", busyStatuses);
        bannedStatuses = Values.statuses("bannedStatuses", bannedStatuses);
        Values.positive("firstBackoff", firstBackoff);
        Values.notBelow("maxBackoff", maxBackoff, "firstBackoff", firstBackoff);
        Values.share("budgetShare", budgetShare);
        Values.positive("budgetWindow", budgetWindow);
        Values.atLeast("budgetFloor", budgetFloor, 0);
        Values.atLeast("heldBody", heldBody, 0);
    }

    /** Returns the defaults. */
    public static RetrySettings defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.connectTries = connectTries;
        b.connectWindow = connectWindow;
        b.unstableTries = unstableTries;
        b.unstableWindow = unstableWindow;
        b.bannedTries = bannedTries;
        b.busyTries = busyTries;
        b.busyWindow = busyWindow;
        b.busyStatuses = busyStatuses;
        b.bannedStatuses = bannedStatuses;
        b.firstBackoff = firstBackoff;
        b.maxBackoff = maxBackoff;
        b.budgetShare = budgetShare;
        b.budgetWindow = budgetWindow;
        b.budgetFloor = budgetFloor;
        b.heldBody = heldBody;
        return b;
    }

    /** Builds settings; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private int connectTries = 3;
        private Duration connectWindow = Duration.ofSeconds(15);
        private int unstableTries = 3;
        private Duration unstableWindow = Duration.ofSeconds(10);
        private int bannedTries = 2;
        private int busyTries = 5;
        private Duration busyWindow = Duration.ofSeconds(30);
        private Set<Integer> busyStatuses = Set.of(429, 503);
        private Set<Integer> bannedStatuses = Set.of(403);
        private Duration firstBackoff = Duration.ofMillis(100);
        private Duration maxBackoff = Duration.ofSeconds(10);
        private double budgetShare = 0.2;
        private Duration budgetWindow = Duration.ofSeconds(10);
        private int budgetFloor = 10;
        private int heldBody = 65536;

        private Builder() {}

        public Builder connectTries(int value) {
            connectTries = value;
            return this;
        }

        public Builder connectWindow(Duration value) {
            connectWindow = value;
            return this;
        }

        public Builder unstableTries(int value) {
            unstableTries = value;
            return this;
        }

        public Builder unstableWindow(Duration value) {
            unstableWindow = value;
            return this;
        }

        public Builder bannedTries(int value) {
            bannedTries = value;
            return this;
        }

        public Builder busyTries(int value) {
            busyTries = value;
            return this;
        }

        public Builder busyWindow(Duration value) {
            busyWindow = value;
            return this;
        }

        public Builder busyStatuses(Set<Integer> value) {
            busyStatuses = value;
            return this;
        }

        public Builder bannedStatuses(Set<Integer> value) {
            bannedStatuses = value;
            return this;
        }

        public Builder firstBackoff(Duration value) {
            firstBackoff = value;
            return this;
        }

        public Builder maxBackoff(Duration value) {
            maxBackoff = value;
            return this;
        }

        public Builder budgetShare(double value) {
            budgetShare = value;
            return this;
        }

        public Builder budgetWindow(Duration value) {
            budgetWindow = value;
            return this;
        }

        public Builder budgetFloor(int value) {
            budgetFloor = value;
            return this;
        }

        public Builder heldBody(int value) {
            heldBody = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public RetrySettings build() {
            return new RetrySettings(
                    connectTries,
                    connectWindow,
                    unstableTries,
                    unstableWindow,
                    bannedTries,
                    busyTries,
                    busyWindow,
                    busyStatuses,
                    bannedStatuses,
                    firstBackoff,
                    maxBackoff,
                    budgetShare,
                    budgetWindow,
                    budgetFloor,
                    heldBody);
        }
    }
}
