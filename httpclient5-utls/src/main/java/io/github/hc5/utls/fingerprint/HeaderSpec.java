package io.github.hc5.utls.fingerprint;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A browser's request headers, by kind of request: names, letter case in HTTP/1.1, values and order. Immutable.
 *
 * @param userAgent the User-Agent, the same in all kinds
 * @param kinds the slots of each kind in the order of the wire; has at least {@link RequestKind#NAVIGATION}
 */
public record HeaderSpec(String userAgent, Map<RequestKind, List<HeaderSlot>> kinds) {

    /**
     * @throws IllegalArgumentException if there is no NAVIGATION, a kind names a header twice for one HTTP version, does
     *     not have exactly one {@link HeaderSlot.Others}, or has another User-Agent
     */
    public HeaderSpec {
        HeaderNames.requireValue("user-agent", userAgent);
        EnumMap<RequestKind, List<HeaderSlot>> copy = new EnumMap<>(RequestKind.class);
        for (Map.Entry<RequestKind, List<HeaderSlot>> entry : kinds.entrySet()) {
            List<HeaderSlot> slots = List.copyOf(entry.getValue());
            check(entry.getKey(), slots, userAgent);
            copy.put(entry.getKey(), slots);
        }
        kinds = Checks.immutable(RequestKind.class, copy);
        Checks.that(
                copy.containsKey(RequestKind.NAVIGATION),
                () -> "headers must describe NAVIGATION, to which the other kinds fall back");
    }

    /** Returns the slots of a kind of request: its own or the nearest {@link RequestKind#fallback()}'s. */
    public List<HeaderSlot> slots(RequestKind kind) {
        RequestKind found = kind;
        List<HeaderSlot> slots = kinds.get(found);
        while (slots == null) {
            found = found.fallback();
            slots = kinds.get(found);
        }
        return slots;
    }

    private static void check(RequestKind kind, List<HeaderSlot> slots, String userAgent) {
        long others = slots.stream().filter(HeaderSlot.Others.class::isInstance).count();
        Checks.that(
                others == 1,
                () -> "headers of " + kind + " have " + others + " places for other headers, must have exactly one");
        for (boolean http2 : new boolean[] {false, true}) {
            Set<String> names = new HashSet<>();
            for (HeaderSlot slot : slots) {
                String name = name(slot);
                Checks.that(
                        name.isEmpty() || !slot.isOn(http2) || names.add(HeaderNames.lower(name)),
                        () -> "headers of " + kind + " name " + name + " twice");
                if (slot instanceof HeaderSlot.Default header && name.equalsIgnoreCase("user-agent")) {
                    Checks.that(
                            header.value().equals(userAgent),
                            () -> "headers of " + kind + " have the User-Agent '" + header.value()
                                    + "', must be the profile's '" + userAgent + "'");
                }
            }
        }
    }

    private static String name(HeaderSlot slot) {
        if (slot instanceof HeaderSlot.Default header) {
            return header.name();
        }
        return slot instanceof HeaderSlot.Supplied header ? header.name() : "";
    }
}
