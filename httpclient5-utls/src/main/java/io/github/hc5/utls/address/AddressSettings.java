package io.github.hc5.utls.address;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the addresses of hosts come from and how they are used. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param rotation how requests are spread; round robin by default
 * @param weights of single addresses under {@link RotationPolicy#WEIGHTED}; 1 to 1,000 each, 1 for those not named
 * @param fixedAddresses more addresses of a host, by its lower-case name, merged with what DNS says
 * @param dnsInterval after which the addresses of a host in use are resolved again, in the background; zero: never;
 *     30 min by default
 * @param happyEyeballsDelay how long a dial waits for one address before the next is tried beside it (RFC 8305 section
 *     5); 10 ms to 2 s, 250 ms by default
 * @param maxRetries how many further addresses one connect tries when one fails; 0 or more, 3 by default
 */
public record AddressSettings(
        RotationPolicy rotation,
        Map<InetAddress, Integer> weights,
        Map<String, List<InetAddress>> fixedAddresses,
        Duration dnsInterval,
        Duration happyEyeballsDelay,
        int maxRetries) {

    private static final int MOST_WEIGHT = 1000;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public AddressSettings {
        weights = Map.copyOf(weights);
        weights.forEach((address, weight) -> {
            if (weight < 1 || weight > MOST_WEIGHT) {
                throw new IllegalArgumentException("the weight of " + address.getHostAddress() + " is " + weight
                        + ", must be from 1 to " + MOST_WEIGHT);
            }
        });
        Map<String, List<InetAddress>> fixed = new TreeMap<>();
        fixedAddresses.forEach((host, addresses) -> {
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("the fixed addresses of " + host + " are none, must be one or more");
            }
            fixed.put(host.toLowerCase(Locale.ROOT), List.copyOf(addresses));
        });
        fixedAddresses = Map.copyOf(fixed);
        if (dnsInterval.isNegative()) {
            throw new IllegalArgumentException("dnsInterval is " + dnsInterval + ", must be zero or positive");
        }
        if (happyEyeballsDelay.compareTo(Duration.ofMillis(10)) < 0
                || happyEyeballsDelay.compareTo(Duration.ofSeconds(2)) > 0) {
            throw new IllegalArgumentException(
                    "happyEyeballsDelay is " + happyEyeballsDelay + ", must be from 10 ms to 2 s");
        }
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries is " + maxRetries + ", must be 0 or more");
        }
    }

    /** Returns the defaults. */
    public static AddressSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.rotation = rotation;
        b.weights = weights;
        b.fixedAddresses = fixedAddresses;
        b.dnsInterval = dnsInterval;
        b.happyEyeballsDelay = happyEyeballsDelay;
        b.maxRetries = maxRetries;
        return b;
    }

    /** Builds {@link AddressSettings}. Not thread-safe. */
    public static final class Builder {

        private RotationPolicy rotation = RotationPolicy.ROUND_ROBIN;
        private Map<InetAddress, Integer> weights = Map.of();
        private Map<String, List<InetAddress>> fixedAddresses = Map.of();
        private Duration dnsInterval = Duration.ofMinutes(30);
        private Duration happyEyeballsDelay = Duration.ofMillis(250);
        private int maxRetries = 3;

        private Builder() {}

        public Builder rotation(RotationPolicy value) {
            rotation = value;
            return this;
        }

        public Builder weights(Map<InetAddress, Integer> value) {
            weights = value;
            return this;
        }

        public Builder fixedAddresses(Map<String, List<InetAddress>> value) {
            fixedAddresses = value;
            return this;
        }

        public Builder dnsInterval(Duration value) {
            dnsInterval = value;
            return this;
        }

        public Builder happyEyeballsDelay(Duration value) {
            happyEyeballsDelay = value;
            return this;
        }

        public Builder maxRetries(int value) {
            maxRetries = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public AddressSettings build() {
            return new AddressSettings(rotation, weights, fixedAddresses, dnsInterval, happyEyeballsDelay, maxRetries);
        }
    }
}
