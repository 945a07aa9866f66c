package io.github.hc5.utls.spring;

import io.github.hc5.utls.config.ConfigKey;
import io.github.hc5.utls.config.ConfigKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key that a property means, whose name Spring Boot lets people write in several ways: {@code max-connections},
 * {@code maxConnections}, {@code max_connections}, or in an environment variable {@code MAX_CONNECTIONS}. Immutable.
 */
final class KeyNames {

    /** Where the names of all our properties begin. */
    static final String PREFIX = "httpclient5.utls";

    /**
     * A key as a property names it.
     *
     * @param key {@code null} where it is none's
     * @param name in the form of configuration files, with what the user named in brackets
     */
    record Found(@Nullable ConfigKey<?> key, String name) {}

    private static final Map<String, ConfigKey<?>> FIXED = new HashMap<>();
    private static final List<ConfigKey<?>> PATTERNS = new ArrayList<>();

    static {
        for (ConfigKey<?> key : ConfigKeys.all()) {
            if (key.isPattern()) {
                PATTERNS.add(key);
            } else {
                FIXED.put(uniform(key.name()), key);
            }
        }
    }

    private KeyNames() {}

    /** Returns the property that sets a key. */
    static String property(String name) {
        return PREFIX + "." + name.replace('_', '-');
    }

    /**
     * Finds a key.
     *
     * @param elements the parts of the property's name behind the prefix, as they were written
     * @param joined whether hyphens may have become dots, as in environment variables
     */
    static Found find(List<String> elements, boolean joined) {
        String dotted = String.join(".", elements);
        ConfigKey<?> fixed = FIXED.get(uniform(dotted));
        if (fixed != null && (joined || fixed.name().split("\\.").length == elements.size())) {
            return new Found(fixed, fixed.name());
        }
        for (ConfigKey<?> key : PATTERNS) {
            String free = free(key.name().split("\\."), elements);
            if (free != null) {
                return new Found(key, key.name().replaceFirst("\\.<[^>]+>", "[" + quoted(free) + "]"));
            }
        }
        return new Found(null, dotted);
    }

    private static String quoted(String text) {
        return Matcher.quoteReplacement(text);
    }

    /** Returns what stands where the pattern leaves the name to the user, {@code null} where the rest does not match. */
    private static @Nullable String free(String[] pattern, List<String> elements) {
        int at = 0;
        while (!pattern[at].startsWith("<")) {
            at++;
        }
        int behind = pattern.length - at - 1;
        int end = elements.size() - behind;
        if (end <= at) {
            return null;
        }
        for (int i = 0; i < at; i++) {
            if (!uniform(pattern[i]).equals(uniform(elements.get(i)))) {
                return null;
            }
        }
        for (int i = 0; i < behind; i++) {
            if (!uniform(pattern[at + 1 + i]).equals(uniform(elements.get(end + i)))) {
                return null;
            }
        }
        return String.join(".", elements.subList(at, end));
    }

    /** Returns the letters and digits of a name, in lower case. */
    static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
