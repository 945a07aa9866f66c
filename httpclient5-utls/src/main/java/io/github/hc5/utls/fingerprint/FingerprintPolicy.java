package io.github.hc5.utls.fingerprint;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the profile of a new connection. Implementations are safe for use by several threads and do not block.
 *
 * <p>The profile of a connection never changes, and its HTTP follows its TLS. A site that sees one cookie jar change its
 * browser knows what it sees: {@link #perHost} keeps to one browser for each host, and {@link #perKey} to one for
 * everything that belongs together, such as a cookie jar.
 */
@FunctionalInterface
public interface FingerprintPolicy {

    /**
     * Returns the profile for a new connection.
     *
     * @param host the target's host name or IP literal, as the request names it
     * @param port the target's port
     */
    BrowserProfile profileFor(String host, int port);

    /**
     * Returns the profile for a new connection that serves one key alone. By default the key makes no difference.
     *
     * @param host the target's host name or IP literal, as the request names it
     * @param port the target's port
     * @param key what a site takes for one person (a cookie jar, an account); {@code null} for a connection without
     */
    default BrowserProfile profileFor(String host, int port, @Nullable String key) {
        return profileFor(host, port);
    }

    /** Returns the policy that gives every connection the same profile. */
    static FingerprintPolicy fixed(BrowserProfile profile) {
        return (host, port) -> profile;
    }

    /** Returns a policy by which all connections to one host show one profile while this policy lives. */
    static FingerprintPolicy perHost(ProfileShares shares) {
        return perHost(shares, new SecureRandom().nextLong());
    }

    /**
     * Returns a policy by which all connections to one host show one profile, the same in every process with this seed and
     * these shares. The port and the letter case of the host make no difference.
     */
    static FingerprintPolicy perHost(ProfileShares shares, long seed) {
        return (host, port) -> shares.of(host.toLowerCase(Locale.ROOT), seed);
    }

    /** Returns a policy by which each connection draws its profile. */
    static FingerprintPolicy perConnection(ProfileShares shares) {
        return perConnection(shares, new SecureRandom());
    }

    /**
     * Returns a policy by which each connection draws its profile.
     *
     * @param random safe for use by several threads
     */
    static FingerprintPolicy perConnection(ProfileShares shares, RandomGenerator random) {
        return (host, port) -> shares.draw(random);
    }

    /**
     * Returns a policy by which each key has its own profile, always the same one, on all hosts and in all processes with
     * these shares.
     *
     * @param withoutKey chooses for connections that belong to no key
     */
    static FingerprintPolicy perKey(ProfileShares shares, FingerprintPolicy withoutKey) {
        return new FingerprintPolicy() {
            @Override
            public BrowserProfile profileFor(String host, int port) {
                return withoutKey.profileFor(host, port);
            }

            @Override
            public BrowserProfile profileFor(String host, int port, @Nullable String key) {
                return key == null ? withoutKey.profileFor(host, port) : shares.of(key, 0);
            }
        };
    }

    /** Returns the policy that gives every connection the profile that {@link #perKey} gives the key. */
    static FingerprintPolicy forKey(ProfileShares shares, String key) {
        return fixed(shares.of(key, 0));
    }
}
