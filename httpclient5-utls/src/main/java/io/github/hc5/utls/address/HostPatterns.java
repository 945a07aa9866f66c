package io.github.hc5.utls.address;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values by host pattern, immutable. A look-up takes as many steps as the host's name has labels, however many patterns
 * there are.
 */
public final class HostPatterns<T> {

    private final Map<String, T> byText = new HashMap<>();
    private final Map<HostPattern, T> all;

    private HostPatterns(Map<HostPattern, T> values) {
        this.all = Collections.unmodifiableMap(new TreeMap<>(values));
        values.forEach((pattern, value) -> byText.put(pattern.text(), value));
    }

    public static <T> HostPatterns<T> of(Map<HostPattern, T> values) {
        return new HostPatterns<>(values);
    }

    /** Returns all of them, the most specific first. */
    public Map<HostPattern, T> asMap() {
        return all;
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Returns the value of the most specific pattern that covers the host, {@code null} if none does. */
    public @Nullable T find(String host) {
        if (all.isEmpty()) {
            return null;
        }
        List<T> found = covering(host);
        return found.isEmpty() ? null : found.get(0);
    }

    /** Returns the values of all patterns that cover the host, the most specific first. */
    public List<T> covering(String host) {
        List<T> found = new ArrayList<>(2);
        if (all.isEmpty()) {
            return found;
        }
        String name = host.toLowerCase(Locale.ROOT);
        add(found, byText.get(name));
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            add(found, byText.get("*" + name.substring(dot)));
        }
        add(found, byText.get("*"));
        return found;
    }

    private static <T> void add(List<T> found, @Nullable T value) {
        if (value != null) {
            found.add(value);
        }
    }
}
