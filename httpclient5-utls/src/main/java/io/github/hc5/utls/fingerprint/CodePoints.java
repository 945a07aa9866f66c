package io.github.hc5.utls.fingerprint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Names of the code points that profiles and diagnostics use, as the IANA registries spell them. GREASE values have the
 * name {@value #GREASE}; a code point without a name is written as a hexadecimal number.
 */
public enum CodePoints {
    CIPHER_SUITE("cipher suite"),
    NAMED_GROUP("named group"),
    SIGNATURE_SCHEME("signature scheme"),
    PROTOCOL_VERSION("protocol version"),
    EXTENSION("extension"),
    CERTIFICATE_COMPRESSION("certificate compression algorithm"),
    POINT_FORMAT("point format"),
    PSK_MODE("PSK key exchange mode"),
    HPKE_KDF("HPKE KDF"),
    HPKE_AEAD("HPKE AEAD"),
    HTTP2_SETTING("HTTP/2 setting");

    /** The name of every GREASE value. */
    public static final String GREASE = "GREASE";

    private final String title;

    CodePoints(String title) {
        this.title = title;
    }

    /** Returns what an entry of this registry is called, such as {@code cipher suite}. */
    public String title() {
        return title;
    }

    /** Returns the name of a code point: its own, {@link #GREASE}, or a number such as {@code 0xca34}. */
    public String nameOf(int codePoint) {
        if (Grease.isGrease(codePoint)) {
            return GREASE;
        }
        for (Map.Entry<String, Integer> entry : entries().entrySet()) {
            if (entry.getValue() == codePoint) {
                return entry.getKey();
            }
        }
        return String.format(Locale.ROOT, "0x%04x", codePoint);
    }

    /** Returns the code point with this name; GREASE and numbers are not names of this registry. */
    public OptionalInt find(String name) {
        Integer value = entries().get(name);
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** Returns all names of this registry in the order of their values. */
    public Set<String> names() {
        return entries().keySet();
    }

    private Map<String, Integer> entries() {
        return Tables.of(this);
    }

    /** Read on first use, since an enum's constants exist before their tables can. */
    private static final class Tables {

        private static final String RESOURCE = "code-points.txt";
        private static final Map<CodePoints, Map<String, Integer>> TABLES = read();

        static Map<String, Integer> of(CodePoints registry) {
            return Objects.requireNonNull(TABLES.get(registry), registry.title);
        }

        private static Map<CodePoints, Map<String, Integer>> read() {
            Map<CodePoints, Map<String, Integer>> tables = new EnumMap<>(CodePoints.class);
            Map<String, Integer> current = new LinkedHashMap<>();
            for (String line : text().lines().map(String::strip).toList()) {
                if (line.startsWith("[")) {
                    current = new LinkedHashMap<>();
                    tables.put(CodePoints.valueOf(line.substring(1, line.length() - 1)), current);
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    int space = line.indexOf(' ');
                    current.put(line.substring(space + 1), Integer.decode(line.substring(0, space)));
                }
            }
            return tables;
        }

        private static String text() {
            try (InputStream in = Objects.requireNonNull(CodePoints.class.getResourceAsStream(RESOURCE), RESOURCE)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
