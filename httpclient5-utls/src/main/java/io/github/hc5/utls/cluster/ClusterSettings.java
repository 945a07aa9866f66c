package io.github.hc5.utls.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is and what is shared through it. Immutable; {@link #builder(String...)} starts from the defaults.
 *
 * @param addresses of the Redis server, of the sentinels, or of some nodes of the cluster:
 *     {@code redis://host:port}, or {@code rediss://host:port} for TLS; at least one, exactly one for {@link Mode#SINGLE},
 *     all with or all without TLS
 * @param mode what the addresses are; {@link Mode#SINGLE} by default
 * @param masterName the name of the master that the sentinels watch; set with {@link Mode#SENTINEL}, else {@code null}
 * @param username of Redis' access control list, {@code null} for the default user
 * @param password masked by {@link #toString()}; {@code null} for none
 * @param trustStore a PKCS #12 or JKS file with the authorities of Redis' certificate, {@code null} for those of the JDK;
 *     the certificate and its host name are always verified
 * @param trustStorePassword masked by {@link #toString()}; {@code null} for none
 * @param keyPrefix with which all keys and channels begin; those who share it share limits and bans; {@code utls} by
 *     default, 1 to 100 characters other than braces and white space
 * @param maxPerHost how many connections all nodes may have open to one host; 0: no such cap; 0 by default
 * @param hostLimits other caps for some hosts (lower case, without port); 0: no cap for that host
 * @param maxTotal how many connections all nodes may have open together; 0: no such cap; 0 by default
 * @param lease for how long a permit of a node that is not heard of is kept for it; 1 s to 1 h, 15 s by default
 * @param heartbeat how often the node renews what it holds; 100 ms or more, at most a third of {@code lease}, 3 s by
 *     default
 * @param timeout how long an answer of Redis may take before the pool goes on without; 10 ms to 1 min, 250 ms by default
 * @param blockSize how many permits are asked for at once at most; 1 to 1000, 16 by default
 * @param minBackoff the first pause after Redis had no permit left; 1 ms or more, 20 ms by default
 * @param maxBackoff the longest pause, reached by doubling; at least {@code minBackoff}, 1 s by default
 * @param policy what holds while Redis cannot be asked; {@link Policy#SHARE} by default
 */
public record ClusterSettings(
        List<String> addresses,
        Mode mode,
        @Nullable String masterName,
        @Nullable String username,
        @Nullable String password,
        @Nullable Path trustStore,
        @Nullable String trustStorePassword,
        String keyPrefix,
        int maxPerHost,
        Map<String, Integer> hostLimits,
        int maxTotal,
        Duration lease,
        Duration heartbeat,
        Duration timeout,
        int blockSize,
        Duration minBackoff,
        Duration maxBackoff,
        Policy policy) {

    private static final Duration HOUR = Duration.ofHours(1);

    /** How Redis is deployed. */
    public enum Mode {
        /** One server. */
        SINGLE,
        /** A master and its replicas, watched by sentinels. */
        SENTINEL,
        /** A Redis cluster. */
        CLUSTER
    }

    /** What holds while Redis cannot be asked, or does not answer in time. */
    public enum Policy {
        /** Each node may have the limit divided by the number of nodes last seen, and at least one. */
        SHARE,
        /** Only the pool's own limits. */
        OPEN,
        /** No new connections; those that are open are used on. */
        CLOSED
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value or a combination is outside what its parameter names
     */
    public ClusterSettings {
        addresses = List.copyOf(addresses);
        hostLimits = Map.copyOf(hostLimits);
        checkAddresses(addresses, mode);
        if ((mode == Mode.SENTINEL) != (masterName != null && !masterName.isBlank())) {
            throw new IllegalArgumentException(
                    "masterName is " + masterName + ", must be set with mode SENTINEL and only then");
        }
        if (username != null && password == null) {
            throw new IllegalArgumentException("username is " + username + ", must come with a password");
        }
        if (trustStore == null && trustStorePassword != null) {
            throw new IllegalArgumentException("trustStorePassword is set, must come with a trustStore");
        }
        if (trustStore != null && !isTls(addresses.get(0))) {
            throw new IllegalArgumentException("trustStore is " + trustStore + ", must come with rediss:// addresses");
        }
        if (!keyPrefix.matches("[^{}\\s]{1,100}")) {
            throw new IllegalArgumentException(
                    "keyPrefix is '" + keyPrefix + "', must have 1 to 100 characters, without braces and white space");
        }
        notNegative("maxPerHost", maxPerHost);
        notNegative("maxTotal", maxTotal);
        hostLimits.forEach((host, limit) -> notNegative("hostLimits[" + host + "]", limit));
        between("lease", lease, Duration.ofSeconds(1), HOUR);
        between("heartbeat", heartbeat, Duration.ofMillis(100), lease.dividedBy(3));
        between("timeout", timeout, Duration.ofMillis(10), Duration.ofMinutes(1));
        if (blockSize < 1 || blockSize > 1000) {
            throw new IllegalArgumentException("blockSize is " + blockSize + ", must be from 1 to 1000");
        }
        between("minBackoff", minBackoff, Duration.ofMillis(1), HOUR);
        between("maxBackoff", maxBackoff, minBackoff, HOUR);
    }

    private static void checkAddresses(List<String> addresses, Mode mode) {
        if (addresses.isEmpty() || (mode == Mode.SINGLE && addresses.size() > 1)) {
            throw new IllegalArgumentException("addresses has " + addresses.size() + " entries, must have "
                    + (mode == Mode.SINGLE ? "exactly one with mode SINGLE" : "at least one"));
        }
        for (String address : addresses) {
            // the place of a mistake is named, not what is there: it may hold a password
            int number = addresses.indexOf(address) + 1;
            URI uri;
            try {
                uri = new URI(address);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("address " + number + " is no URI, must be redis://host:port", null);
            }
            if (uri.getUserInfo() != null) {
                throw new IllegalArgumentException(
                        "address " + number + " holds credentials, must not: set username and password");
            }
            boolean scheme = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
            if (!scheme || uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65_535) {
                throw new IllegalArgumentException(
                        "address " + address + " is not redis://host:port or rediss://host:port");
            }
            if (isTls(address) != isTls(addresses.get(0))) {
                throw new IllegalArgumentException(
                        "addresses " + addresses + " must all be redis:// or all be rediss://");
            }
        }
    }

    private static boolean isTls(String address) {
        return address.startsWith("rediss:");
    }

    private static void notNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be 0 (no cap) or more");
        }
    }

    private static void between(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from " + min + " to " + max);
        }
    }

    /** Returns the cap for a host; 0: none. */
    public int limitOf(String host) {
        return hostLimits.getOrDefault(host, maxPerHost);
    }

    /** Shows everything but the passwords. */
    @Override
    public String toString() {
        return "ClusterSettings[addresses=" + addresses + ", mode=" + mode + ", masterName=" + masterName
                + ", username=" + username + ", password=" + masked(password) + ", trustStore=" + trustStore
                + ", trustStorePassword=" + masked(trustStorePassword) + ", keyPrefix=" + keyPrefix + ", maxPerHost="
                + maxPerHost + ", hostLimits=" + hostLimits + ", maxTotal=" + maxTotal + ", lease=" + lease
                + ", heartbeat=" + heartbeat + ", timeout=" + timeout + ", blockSize=" + blockSize + ", minBackoff="
                + minBackoff + ", maxBackoff=" + maxBackoff + ", policy=" + policy + "]";
    }

    private static String masked(@Nullable String secret) {
        return secret == null ? "none" : "***";
    }

    /** Returns a builder for the Redis at these addresses. */
    public static Builder builder(String... addresses) {
        return new Builder(List.of(addresses));
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder(addresses);
        b.mode = mode;
        b.masterName = masterName;
        b.username = username;
        b.password = password;
        b.trustStore = trustStore;
        b.trustStorePassword = trustStorePassword;
        b.keyPrefix = keyPrefix;
        b.maxPerHost = maxPerHost;
        b.hostLimits = hostLimits;
        b.maxTotal = maxTotal;
        b.lease = lease;
        b.heartbeat = heartbeat;
        b.timeout = timeout;
        b.blockSize = blockSize;
        b.minBackoff = minBackoff;
        b.maxBackoff = maxBackoff;
        b.policy = policy;
        return b;
    }

    /** Builds {@link ClusterSettings}. Not thread-safe. */
    public static final class Builder {

        private List<String> addresses;
        private Mode mode = Mode.SINGLE;
        private @Nullable String masterName;
        private @Nullable String username;
        private @Nullable String password;
        private @Nullable Path trustStore;
        private @Nullable String trustStorePassword;
        private String keyPrefix = "utls";
        private int maxPerHost;
        private Map<String, Integer> hostLimits = Map.of();
        private int maxTotal;
        private Duration lease = Duration.ofSeconds(15);
        private Duration heartbeat = Duration.ofSeconds(3);
        private Duration timeout = Duration.ofMillis(250);
        private int blockSize = 16;
        private Duration minBackoff = Duration.ofMillis(20);
        private Duration maxBackoff = Duration.ofSeconds(1);
        private Policy policy = Policy.SHARE;

        private Builder(List<String> addresses) {
            this.addresses = addresses;
        }

        public Builder addresses(List<String> value) {
            addresses = value;
            return this;
        }

        public Builder mode(Mode value) {
            mode = value;
            return this;
        }

        public Builder masterName(@Nullable String value) {
            masterName = value;
            return this;
        }

        public Builder username(@Nullable String value) {
            username = value;
            return this;
        }

        public Builder password(@Nullable String value) {
            password = value;
            return this;
        }

        public Builder trustStore(@Nullable Path value) {
            trustStore = value;
            return this;
        }

        public Builder trustStorePassword(@Nullable String value) {
            trustStorePassword = value;
            return this;
        }

        public Builder keyPrefix(String value) {
            keyPrefix = value;
            return this;
        }

        public Builder maxPerHost(int value) {
            maxPerHost = value;
            return this;
        }

        public Builder hostLimits(Map<String, Integer> value) {
            hostLimits = value;
            return this;
        }

        public Builder maxTotal(int value) {
            maxTotal = value;
            return this;
        }

        public Builder lease(Duration value) {
            lease = value;
            return this;
        }

        public Builder heartbeat(Duration value) {
            heartbeat = value;
            return this;
        }

        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        public Builder blockSize(int value) {
            blockSize = value;
            return this;
        }

        public Builder minBackoff(Duration value) {
            minBackoff = value;
            return this;
        }

        public Builder maxBackoff(Duration value) {
            maxBackoff = value;
            return this;
        }

        public Builder policy(Policy value) {
            policy = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value or a combination is not allowed
         */
        public ClusterSettings build() {
            return new ClusterSettings(
                    addresses,
                    mode,
                    masterName,
                    username,
                    password,
                    trustStore,
                    trustStorePassword,
                    keyPrefix,
                    maxPerHost,
                    hostLimits,
                    maxTotal,
                    lease,
                    heartbeat,
                    timeout,
                    blockSize,
                    minBackoff,
                    maxBackoff,
                    policy);
        }
    }
}
