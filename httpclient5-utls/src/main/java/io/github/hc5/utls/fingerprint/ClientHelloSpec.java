package io.github.hc5.utls.fingerprint;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    /** The legacy_version of every hello: TLS 1.2 (RFC 8446 section 4.1.2). */
    public static final int LEGACY_VERSION = 0x0303;

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

    /**
     * @throws IllegalArgumentException if a value is out of range, an extension occurs twice, there are more than two GREASE
     *     extensions, padding is not the last one, or a key share's group is not among the supported groups
     */
    public ClientHelloSpec {
        Checks.range("record version", recordVersion, 0x0301, 0x0303);
        int length = sessionIdLength;
        Checks.that(length == 0 || length == 32, () -> "session id length is " + length + ", allowed are 0 and 32");
        cipherSuites = Checks.codePoints("cipher suites", cipherSuites, 0xFFFF);
        extensions = List.copyOf(extensions);
        checkTypes(extensions);
        checkKeyShares(extensions);
    }

    /**
     * Returns what a JA3 fingerprint says, with the rest from a profile: GREASE, key shares, signature algorithms, the
     * contents of other extensions, and whether extensions are shuffled.
     *
     * @throws IllegalArgumentException if the fingerprint contradicts itself, or has an extension whose content neither
     *     it nor the profile tells
     */
    public static Filled<ClientHelloSpec> of(Ja3 ja3, BrowserProfile base) {
        return HelloFill.fill(ja3, base);
    }

    /**
     * Returns what a JA4_r fingerprint says, with the rest from a profile: what {@link #of(Ja3, BrowserProfile)} takes from
     * it but for the signature algorithms, and the groups and the orders of suites and extensions besides.
     *
     * @throws IllegalArgumentException as for JA3
     */
    public static Filled<ClientHelloSpec> of(Ja4 ja4, BrowserProfile base) {
        return HelloFill.fill(ja4, base);
    }

    /** Returns the first extension of the given kind, if the browser sends one. */
    public <E extends ExtensionSpec> Optional<E> extension(Class<E> kind) {
        return find(extensions, kind);
    }

    private static <E extends ExtensionSpec> Optional<E> find(List<ExtensionSpec> extensions, Class<E> kind) {
        return extensions.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    private static void checkTypes(List<ExtensionSpec> extensions) {
        Set<Integer> seen = new HashSet<>();
        int grease = 0;
        for (ExtensionSpec extension : extensions) {
            if (extension instanceof ExtensionSpec.GreaseExtension) {
                grease++;
            } else {
                Checks.that(seen.add(extension.type()), () -> "extension " + extension.type() + " occurs twice");
            }
            Checks.that(
                    !(extension instanceof ExtensionSpec.Padding) || extension == extensions.get(extensions.size() - 1),
                    () -> "padding must be the last extension");
        }
        int found = grease;
        Checks.that(found <= 2, () -> "there are " + found + " GREASE extensions, at most 2 are allowed");
    }

    private static void checkKeyShares(List<ExtensionSpec> extensions) {
        List<Integer> supported = find(extensions, ExtensionSpec.SupportedGroups.class)
                .map(ExtensionSpec.SupportedGroups::groups)
                .orElse(List.of());
        List<Integer> shared = find(extensions, ExtensionSpec.KeyShares.class)
                .map(ExtensionSpec.KeyShares::groups)
                .orElse(List.of());
        for (Integer group : shared) {
            Checks.that(
                    supported.contains(group),
                    () -> "key share of group " + group + " is not among the supported groups " + supported);
        }
        Checks.that(
                new HashSet<>(shared).size() == shared.size(), () -> "key shares " + shared + " name a group twice");
    }
}
