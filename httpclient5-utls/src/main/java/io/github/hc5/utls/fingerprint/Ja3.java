package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
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

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if the text has another form or a value is out of range; the message names it
     */
    public static Ja3 parse(String text) {
        List<String> parts = List.of(text.strip().split(",", -1));
        Checks.that(
                parts.size() == 5,
                () -> "JA3 has " + parts.size()
                        + " parts, must be version,cipher suites,extensions,groups,point formats");
        List<Integer> version = numbers("JA3 version", parts.get(0), 0xFFFF);
        Checks.that(version.size() == 1, () -> "JA3 must have one version, has " + version);
        return new Ja3(
                version.get(0),
                numbers("JA3 cipher suites", parts.get(1), 0xFFFF),
                numbers("JA3 extensions", parts.get(2), 0xFFFF),
                numbers("JA3 groups", parts.get(3), 0xFFFF),
                numbers("JA3 point formats", parts.get(4), 0xFF));
    }

    private static List<Integer> numbers(String what, String text, int most) {
        List<Integer> numbers = new ArrayList<>();
        for (String number : text.isEmpty() ? new String[0] : text.split("-", -1)) {
            Checks.that(
                    number.matches("[0-9]{1,5}"),
                    () -> what + " have '" + (number.length() <= 20 ? number : number.substring(0, 20) + "...")
                            + "', must be decimal numbers joined by '-'");
            int value = Integer.parseInt(number);
            Checks.range(what + " entry", value, 0, most);
            numbers.add(value);
        }
        return numbers;
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
