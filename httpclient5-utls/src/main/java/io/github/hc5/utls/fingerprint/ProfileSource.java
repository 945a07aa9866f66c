package io.github.hc5.utls.fingerprint;

import java.lang.ref.SoftReference;
import java.util.List;
import java.util.function.Supplier;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlVersion;

/**
 * A profile file: its name for messages, and its text, which is read and parsed when it is first asked for and kept as long
 * as memory allows, since many profiles extend the same one. Safe for use by several threads.
 */
final class ProfileSource {

    /** The TOML parser recurses; brackets in strings count too, of which no header value has as many. */
    private static final int MAX_DEPTH = 64;

    private final String file;
    private final Supplier<String> text;
    private volatile SoftReference<TomlParseResult> parsed = new SoftReference<>(null);

    ProfileSource(String file, String text) {
        this(file, () -> text);
    }

    ProfileSource(String file, Supplier<String> text) {
        this.file = file;
        this.text = text;
    }

    String file() {
        return file;
    }

    /**
     * Returns the file's tables, and what the parser found wrong in them.
     *
     * @throws ProfileFormatException if the file cannot be parsed at all
     */
    TomlParseResult parsed() {
        TomlParseResult kept = parsed.get();
        if (kept == null) {
            kept = parse(text.get());
            parsed = new SoftReference<>(kept);
        }
        return kept;
    }

    /**
     * Some malformed texts make the TOML parser fail in ways it does not document, among them assertions where the process
     * runs with them: those are syntax errors too.
     */
    private TomlParseResult parse(String toml) {
        requireShallow(toml);
        try {
            return Toml.parse(toml, TomlVersion.V1_0_0);
        } catch (RuntimeException | AssertionError e) {
            throw new ProfileFormatException(List.of(file + ":1:1: the file cannot be read as TOML 1.0"), e);
        }
    }

    private void requireShallow(String toml) {
        int depth = 0;
        int line = 1;
        for (int i = 0; i < toml.length(); i++) {
            char c = toml.charAt(i);
            if (c == '\n') {
                line++;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            }
            if (depth > MAX_DEPTH) {
                throw new ProfileFormatException(List.of(
                        file + ":" + line + ":1: arrays and tables are nested more than " + MAX_DEPTH + " deep"));
            }
        }
    }
}
