package io.github.hc5.utls.fingerprint;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The JA3 fingerprint: legacy version, cipher suites, extensions, groups and point formats in decimal and in the order of
 * the wire, without GREASE. Browsers that permute their extensions have another one on every connection: see
 * {@link Ja3n}.
 *
 * <p>Source: the JA3 specification of Althouse, Atkinson and Atkins (Salesforce, 2017).
 *
 * @param version the legacy version, 771 for TLS 1.2 and later
 * @param cipherSuites the cipher suites
 * @param extensions the extension types
 * @param groups the named groups
 * @param pointFormats the point formats
 */
public record Ja3(
        int version,
        List<Integer> cipherSuites,
        List<Integer> extensions,
        List<Integer> groups,
        List<Integer> pointFormats) {

    public Ja3 {
        cipherSuites = List.copyOf(cipherSuites);
        extensions = List.copyOf(extensions);
        groups = List.copyOf(groups);
        pointFormats = List.copyOf(pointFormats);
    }

    /** Computes the fingerprint of a received hello. */
    public static Ja3 of(ClientHelloMessage hello) {
        return of(HelloFields.of(hello));
    }

    /** Computes the fingerprint of a profile's first hello to a named host, its extensions in the listed order. */
    public static Ja3 of(ClientHelloSpec spec) {
        return of(HelloFields.of(spec));
    }

    static Ja3 of(HelloFields fields) {
        return new Ja3(
                fields.legacyVersion(),
                fields.cipherSuites(),
                fields.extensions(),
                fields.groups(),
                fields.pointFormats());
    }

    /** Returns the MD5 of the text in lower-case hexadecimal digits. */
    public String hash() {
        return Digests.md5(toString());
    }

    /** Returns the text, such as {@code 771,4865-4866,0-23-65281,29-23,0}. */
    @Override
    public String toString() {
        return version + "," + join(cipherSuites) + "," + join(extensions) + "," + join(groups) + ","
                + join(pointFormats);
    }

    private static String join(List<Integer> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }
}
