package io.github.hc5.utls.metrics;

import java.time.Duration;
import java.util.List;

/**
 * Which figures of a pool are exported, and under which names. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param name of the pool, the value of the tag {@code httpclient} of every meter; not blank
 * @param maxHosts so many hosts at most get a tag of their own, first come, first served; all others together are
 *     {@code other}; 0 or more
 * @param hosts these get one in any case, as {@code name} or {@code name:port} where the port is not the usual one
 * @param maxProfiles so many profiles at most get a tag of their own; 0 or more
 * @param maxAddresses so many addresses at most get meters of their own; zero, the default: there are none by address
 * @param responseTimer whether each exchange is recorded in a timer, which can then be given histogram buckets by a
 *     {@code MeterFilter}; counters and quantiles need none
 * @param refresh figures are taken anew when a meter is read and the last ones are older than this; zero: for each
 *     reading
 */
public record MetricsSettings(
        String name,
        int maxHosts,
        List<String> hosts,
        int maxProfiles,
        int maxAddresses,
        boolean responseTimer,
        Duration refresh) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public MetricsSettings {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is '" + name + "', must not be blank");
        }
        hosts = List.copyOf(hosts);
        notNegative("maxHosts", maxHosts);
        notNegative("maxProfiles", maxProfiles);
        notNegative("maxAddresses", maxAddresses);
        if (refresh.isNegative()) {
            throw new IllegalArgumentException("refresh is " + refresh + ", must be zero or positive");
        }
    }

    private static void notNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be 0 or more");
        }
    }

    /** Returns the defaults: see {@link Builder}. */
    public static MetricsSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        return new Builder()
                .name(name)
                .maxHosts(maxHosts)
                .hosts(hosts)
                .maxProfiles(maxProfiles)
                .maxAddresses(maxAddresses)
                .responseTimer(responseTimer)
                .refresh(refresh);
    }

    /**
     * Builds settings. Defaults: name {@code utls}, 50 hosts, none named, 50 profiles, no addresses, the timer on, a
     * refresh after one second. Not thread-safe.
     */
    public static final class Builder {

        private String name = "utls";
        private int maxHosts = 50;
        private List<String> hosts = List.of();
        private int maxProfiles = 50;
        private int maxAddresses;
        private boolean responseTimer = true;
        private Duration refresh = Duration.ofSeconds(1);

        private Builder() {}

        public Builder name(String value) {
            name = value;
            return this;
        }

        public Builder maxHosts(int value) {
            maxHosts = value;
            return this;
        }

        public Builder hosts(List<String> value) {
            hosts = List.copyOf(value);
            return this;
        }

        public Builder maxProfiles(int value) {
            maxProfiles = value;
            return this;
        }

        public Builder maxAddresses(int value) {
            maxAddresses = value;
            return this;
        }

        public Builder responseTimer(boolean value) {
            responseTimer = value;
            return this;
        }

        public Builder refresh(Duration value) {
            refresh = value;
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if a value is outside its range
         */
        public MetricsSettings build() {
            return new MetricsSettings(name, maxHosts, hosts, maxProfiles, maxAddresses, responseTimer, refresh);
        }
    }
}
