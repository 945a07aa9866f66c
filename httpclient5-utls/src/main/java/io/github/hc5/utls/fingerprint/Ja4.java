package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The JA4 fingerprint of a TLS client over TCP.
 *
 * <p>The first part tells version, whether a server name is sent, the numbers of cipher suites and extensions, and the
 * first ALPN protocol; the second the sorted cipher suites; the third the sorted extensions, without server_name and ALPN,
 * and the signature algorithms in the order of the wire. GREASE counts nowhere.
 *
 * <p>Source: FoxIO's technical details of JA4 (version of 2023, with the ALPN rule of 2024).
 *
 * @param prefix the first part, such as {@code t13d1516h2}
 * @param cipherSuites the cipher suites in ascending order
 * @param extensions the extension types in ascending order, without server_name and ALPN
 * @param signatureAlgorithms the signature algorithms as sent
 */
public record Ja4(
        String prefix, List<Integer> cipherSuites, List<Integer> extensions, List<Integer> signatureAlgorithms) {

    private static final int HASH_LENGTH = 12;
    private static final String NOTHING = "0".repeat(HASH_LENGTH);
    private static final int MAX_COUNT = 99;

    public Ja4 {
        cipherSuites = List.copyOf(cipherSuites);
        extensions = List.copyOf(extensions);
        signatureAlgorithms = List.copyOf(signatureAlgorithms);
    }

    /** Computes the fingerprint of a received hello. */
    public static Ja4 of(ClientHelloMessage hello) {
        return of(HelloFields.of(hello));
    }

    /** Computes the fingerprint of a profile's first hello to a named host. */
    public static Ja4 of(ClientHelloSpec spec) {
        return of(HelloFields.of(spec));
    }

    /**
     * Parses JA4_r, the text that {@link #raw} returns.
     *
     * @throws IllegalArgumentException if the text has another form or a value is out of range; the message names it
     */
    public static Ja4 parseRaw(String text) {
        List<String> parts = List.of(text.strip().split("_", -1));
        Checks.that(
                parts.size() == 3 || parts.size() == 4,
                () -> "JA4_r has " + parts.size() + " parts, must be prefix_suites_extensions_algorithms");
        Ja4Prefix.parse(parts.get(0));
        return new Ja4(
                parts.get(0),
                codePoints("cipher suites", parts.get(1)),
                codePoints("extensions", parts.get(2)),
                parts.size() == 3 ? List.of() : codePoints("signature algorithms", parts.get(3)));
    }

    private static List<Integer> codePoints(String what, String text) {
        List<Integer> values = new ArrayList<>();
        for (String value : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            Checks.that(
                    value.matches("[0-9a-fA-F]{4}"),
                    () -> "JA4_r's " + what + " have '"
                            + (value.length() <= 20 ? value : value.substring(0, 20) + "...")
                            + "', must be four hexadecimal digits each, joined by ','");
            values.add(Integer.parseInt(value, 16));
        }
        return values;
    }

    static Ja4 of(HelloFields fields) {
        String prefix = "t" + version(fields)
                + (fields.extensions().contains(ExtensionSpec.SERVER_NAME) ? "d" : "i")
                + count(fields.cipherSuites())
                + count(fields.extensions())
                + alpn(fields.alpn());
        return new Ja4(
                prefix,
                fields.cipherSuites().stream().sorted().toList(),
                fields.extensions().stream()
                        .filter(type -> type != ExtensionSpec.SERVER_NAME && type != ExtensionSpec.ALPN)
                        .sorted()
                        .toList(),
                fields.signatureAlgorithms());
    }

    /** Returns JA4_r: all three parts in full. */
    public String raw() {
        return prefix + "_" + hex(cipherSuites) + "_" + extensionsAndAlgorithms();
    }

    /** Returns JA4: the second and the third part as the first 12 hexadecimal digits of their SHA-256. */
    @Override
    public String toString() {
        return prefix + "_" + (cipherSuites.isEmpty() ? NOTHING : hash(hex(cipherSuites))) + "_"
                + (extensions.isEmpty() ? NOTHING : hash(extensionsAndAlgorithms()));
    }

    private String extensionsAndAlgorithms() {
        return hex(extensions) + (signatureAlgorithms.isEmpty() ? "" : "_" + hex(signatureAlgorithms));
    }

    private static String version(HelloFields fields) {
        int version = fields.supportedVersions().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(fields.legacyVersion());
        return switch (version) {
            case 0x0304 -> "13";
            case 0x0303 -> "12";
            case 0x0302 -> "11";
            case 0x0301 -> "10";
            case 0x0300 -> "s3";
            case 0x0002 -> "s2";
            default -> "00";
        };
    }

    private static String count(List<Integer> values) {
        return String.format(Locale.ROOT, "%02d", Math.min(values.size(), MAX_COUNT));
    }

    /**
     * The first and the last character of the first protocol, or of its hexadecimal form where one of the two is not
     * alphanumeric ASCII.
     */
    private static String alpn(List<String> protocols) {
        if (protocols.isEmpty() || protocols.get(0).isEmpty()) {
            return "00";
        }
        String first = protocols.get(0);
        if (isAlphanumeric(first.charAt(0)) && isAlphanumeric(first.charAt(first.length() - 1))) {
            return ends(first);
        }
        return ends(first.chars()
                .mapToObj(c -> HexFormat.of().toHexDigits((byte) c))
                .collect(Collectors.joining()));
    }

    private static String ends(String text) {
        return "" + text.charAt(0) + text.charAt(text.length() - 1);
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static String hex(List<Integer> values) {
        return values.stream()
                .map(value -> HexFormat.of().toHexDigits(value.shortValue()))
                .collect(Collectors.joining(","));
    }

    private static String hash(String text) {
        return Digests.sha256(text).substring(0, HASH_LENGTH);
    }
}
