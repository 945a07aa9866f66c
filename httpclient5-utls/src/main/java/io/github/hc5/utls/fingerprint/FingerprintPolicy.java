package io.github.hc5.utls.fingerprint;

/** Chooses the profile of a new connection. Implementations are safe for use by several threads and do not block. */
@FunctionalInterface
public interface FingerprintPolicy {

    /**
     * Returns the profile for a new connection.
     *
     * @param host the target's host name or IP literal, as the request names it
     * @param port the target's port
     */
    BrowserProfile profileFor(String host, int port);

    /** Returns the policy that gives every connection the same profile. */
    static FingerprintPolicy fixed(BrowserProfile profile) {
        return (host, port) -> profile;
    }
}
