package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.RotationPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What the hosts of one pattern may have and how they are treated; {@code null} means "not said here": then a less
 * specific pattern says it, or the settings of all hosts do. Immutable; {@link #builder()} starts from nothing said.
 *
 * <p>The pool itself applies {@code connections}, {@code reserve} and {@code rotation}; the others are for the parts that
 * send requests and make connections.
 *
 * @param connections allowed for each route; 1 or more
 * @param reserve connections of the total that no other hosts can take, for all hosts of the pattern together; 0 or more,
 *     0: none, though a less specific pattern may have one
 * @param rate requests begun in a second, for each host; 0 to 1,000,000, 0: no limit
 * @param burst requests that may begin at once after a pause; 1 or more
 * @param retries tries of a request beyond the first; 0 or more
 * @param profile the name of the browser profile
 * @param rotation how requests are spread over a host's addresses
 */
public record HostLimit(
        @Nullable Integer connections,
        @Nullable Integer reserve,
        @Nullable Double rate,
        @Nullable Integer burst,
        @Nullable Integer retries,
        @Nullable String profile,
        @Nullable RotationPolicy rotation) {

    /** Says nothing. */
    public static final HostLimit NONE = builder().build();

    private static final double MOST_RATE = 1_000_000;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public HostLimit {
        atLeast("connections", connections, 1);
        atLeast("reserve", reserve, 0);
        atLeast("burst", burst, 1);
        atLeast("retries", retries, 0);
        if (rate != null && !(rate >= 0 && rate <= MOST_RATE)) {
            throw new IllegalArgumentException("rate is " + rate + ", must be from 0 to 1000000");
        }
        if (profile != null && profile.isBlank()) {
            throw new IllegalArgumentException("profile is '" + profile + "', must be the name of a profile");
        }
    }

    private static void atLeast(String name, @Nullable Integer value, int least) {
        if (value != null && value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " or more");
        }
    }

    /** Returns what this says, and where it says nothing what the other one says. */
    public HostLimit orElse(HostLimit other) {
        return new HostLimit(
                connections != null ? connections : other.connections,
                reserve != null ? reserve : other.reserve,
                rate != null ? rate : other.rate,
                burst != null ? burst : other.burst,
                retries != null ? retries : other.retries,
                profile != null ? profile : other.profile,
                rotation != null ? rotation : other.rotation);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Builds {@link HostLimit}s; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private @Nullable Integer connections;
        private @Nullable Integer reserve;
        private @Nullable Double rate;
        private @Nullable Integer burst;
        private @Nullable Integer retries;
        private @Nullable String profile;
        private @Nullable RotationPolicy rotation;

        private Builder() {}

        public Builder connections(int value) {
            connections = value;
            return this;
        }

        public Builder reserve(int value) {
            reserve = value;
            return this;
        }

        public Builder rate(double perSecond) {
            rate = perSecond;
            return this;
        }

        public Builder burst(int value) {
            burst = value;
            return this;
        }

        public Builder retries(int value) {
            retries = value;
            return this;
        }

        public Builder profile(String name) {
            profile = name;
            return this;
        }

        public Builder rotation(RotationPolicy value) {
            rotation = value;
            return this;
        }

        /**
         * Builds the limit.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public HostLimit build() {
            return new HostLimit(connections, reserve, rate, burst, retries, profile, rotation);
        }
    }
}
