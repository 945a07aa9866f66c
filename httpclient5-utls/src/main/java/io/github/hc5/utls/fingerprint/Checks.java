package io.github.hc5.utls.fingerprint;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The validation that the specifications' constructors share. */
final class Checks {

    private Checks() {}

    static void that(boolean holds, Supplier<String> message) {
        if (!holds) {
            throw new IllegalArgumentException(message.get());
        }
    }

    static void range(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed are " + least + " to " + most);
        }
    }

    static <K extends Enum<K>, V> Map<K, V> immutable(Class<K> keys, Map<K, V> map) {
        EnumMap<K, V> copy = new EnumMap<>(keys);
        copy.putAll(map);
        return Collections.unmodifiableMap(copy);
    }

    static List<Integer> codePoints(String name, List<Integer> values, int most) {
        that(!values.isEmpty(), () -> name + " must not be empty");
        values.forEach(value -> range(name + " entry", value, 0, most));
        return List.copyOf(values);
    }

    static List<String> protocols(String name, List<String> protocols) {
        that(!protocols.isEmpty(), () -> name + " protocols must not be empty");
        for (String protocol : protocols) {
            that(
                    !protocol.isEmpty()
                            && protocol.length() <= 255
                            && protocol.chars().allMatch(c -> c <= 0xFF),
                    () -> name + " protocol '" + protocol + "' must have 1 to 255 characters of ISO 8859-1");
        }
        return List.copyOf(protocols);
    }
}
