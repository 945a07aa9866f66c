package io.github.hc5.utls.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Public key pins (RFC 7469 section 2.4): for some hosts, at least one certificate of the verified chain must hold a key
 * whose SHA-256 is listed. Pins are checked besides the trust manager, never in its place. Immutable.
 */
public final class SpkiPins {

    private static final SpkiPins NONE = new SpkiPins(Map.of());
    private static final String PREFIX = "sha256/";
    private static final int SHA256_BYTES = 32;

    private final Map<String, Set<String>> pinsByHost;

    private SpkiPins(Map<String, Set<String>> pinsByHost) {
        this.pinsByHost = pinsByHost;
    }

    /** Returns pins for no host. */
    public static SpkiPins none() {
        return NONE;
    }

    /**
     * Returns these pins and those for another host.
     *
     * @param host the host name, or {@code *.} and a domain for all its direct subdomains
     * @param pins the allowed keys, as {@code sha256/} and 44 characters of Base64
     * @throws IllegalArgumentException if there is no pin, or one is not of that form
     */
    public SpkiPins with(String host, String... pins) {
        if (pins.length == 0) {
            throw new IllegalArgumentException("no pin for " + host);
        }
        for (String pin : pins) {
            requirePin(pin);
        }
        Map<String, Set<String>> all = new LinkedHashMap<>(pinsByHost);
        all.put(host.toLowerCase(Locale.ROOT), Set.of(pins));
        return new SpkiPins(Map.copyOf(all));
    }

    /** Returns the pin of a certificate's public key. */
    public static String pinOf(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return PREFIX + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Checks a verified chain of the given host. */
    void check(String host, List<X509Certificate> chain) throws SSLPeerUnverifiedException {
        Set<String> allowed = pinsFor(host.toLowerCase(Locale.ROOT));
        if (!allowed.isEmpty() && chain.stream().map(SpkiPins::pinOf).noneMatch(allowed::contains)) {
            throw new SSLPeerUnverifiedException("no key pinned for " + host + " in the server's chain, which has "
                    + chain.stream().map(SpkiPins::pinOf).toList());
        }
    }

    private Set<String> pinsFor(String host) {
        Set<String> exact = pinsByHost.get(host);
        if (exact != null) {
            return exact;
        }
        int dot = host.indexOf('.');
        return dot < 0 ? Set.of() : pinsByHost.getOrDefault("*" + host.substring(dot), Set.of());
    }

    private static void requirePin(String pin) {
        boolean valid = pin.startsWith(PREFIX);
        try {
            valid = valid && Base64.getDecoder().decode(pin.substring(PREFIX.length())).length == SHA256_BYTES;
        } catch (IllegalArgumentException e) {
            valid = false;
        }
        if (!valid) {
            throw new IllegalArgumentException(
                    "pin '" + pin + "' is not sha256/ followed by the Base64 of a SHA-256 hash");
        }
    }
}
