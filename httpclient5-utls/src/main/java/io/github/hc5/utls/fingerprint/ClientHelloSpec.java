package io.github.hc5.utls.fingerprint;

import java.util.List;
import java.util.Optional;

/**
 * A browser's ClientHello: what is fixed, and the rules by which each connection draws the rest.
 *
 * <p>Where {@link Grease#PLACEHOLDER} stands, each list draws a value independently, except that the group of a key share
 * equals that of supported_groups and that the two GREASE extensions differ.
 *
 * @param recordVersion the version of the first hello's record layer: {@code 0x0301} in every browser; after a
 *     HelloRetryRequest it is {@code 0x0303}
 * @param sessionIdLength the length of the random legacy session id in bytes, 0 or 32
 * @param cipherSuites the cipher suites in order
 * @param extensions the extensions, in order
 * @param order whether each connection shuffles the extensions
 */
public record ClientHelloSpec(
        int recordVersion,
        int sessionIdLength,
        List<Integer> cipherSuites,
        List<ExtensionSpec> extensions,
        ExtensionOrder order) {

    /** How the extensions of one connection are ordered. */
    public enum ExtensionOrder {
        /** As the specification lists them. */
        FIXED,
        /**
         * Shuffled anew for each connection, as Chromium does since version 110; GREASE, padding and pre_shared_key keep
         * their places.
         */
        PERMUTED
    }

    public ClientHelloSpec {
        cipherSuites = List.copyOf(cipherSuites);
        extensions = List.copyOf(extensions);
    }

    /** Returns the first extension of the given kind, if the browser sends one. */
    public <E extends ExtensionSpec> Optional<E> extension(Class<E> kind) {
        return extensions.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
}
