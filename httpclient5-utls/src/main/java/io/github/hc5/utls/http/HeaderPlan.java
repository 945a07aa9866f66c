package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.HeaderSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of one kind of request in one HTTP version, in the browser's order, prepared for look-ups. Immutable. */
final class HeaderPlan {

    /** The place of the headers that no other place names. */
    static final String OTHERS = "*";

    /** What decides the value at a place where nothing is given. */
    enum Role {
        OTHERS,
        CONTENT_LENGTH,
        CONTENT_TYPE,
        REFERER,
        ORIGIN,
        SITE,
        LANGUAGE,
        ENCODING,
        /** The profile alone, if the target is secure. */
        SECURE_ONLY,
        /** The profile alone. */
        FIXED
    }

    /**
     * One place.
     *
     * @param name the name as it is sent; {@link #OTHERS} for the place of the others
     * @param lower the name in lower case
     * @param value the browser's own value, {@code null} if it sends none
     * @param role what decides the value where none is given
     */
    record Place(String name, String lower, @Nullable String value, Role role) {}

    private final List<Place> places;
    private final Map<String, Integer> byName = new HashMap<>();

    HeaderPlan(List<HeaderSlot> slots, boolean http2) {
        List<Place> found = new ArrayList<>();
        for (HeaderSlot slot : slots) {
            if (!slot.isOn(http2)) {
                continue;
            }
            Place place = place(slot, http2);
            if (place.role() != Role.OTHERS) {
                byName.put(place.lower(), found.size());
            }
            found.add(place);
        }
        this.places = List.copyOf(found);
    }

    int size() {
        return places.size();
    }

    Place place(int index) {
        return places.get(index);
    }

    /** Returns the index of the place of a header, given in lower case; -1 if it has none but that of the others. */
    int indexOf(String lower) {
        Integer index = byName.get(lower);
        return index == null ? -1 : index;
    }

    private static Place place(HeaderSlot slot, boolean http2) {
        if (slot instanceof HeaderSlot.Default header) {
            return place(header.name(), header.value(), http2);
        }
        if (slot instanceof HeaderSlot.Supplied header) {
            return place(header.name(), null, http2);
        }
        return new Place(OTHERS, OTHERS, null, Role.OTHERS);
    }

    private static Place place(String name, @Nullable String value, boolean http2) {
        String lower = name.toLowerCase(Locale.ROOT);
        return new Place(http2 ? lower : name, lower, value, role(lower));
    }

    private static Role role(String lower) {
        return switch (lower) {
            case "content-length" -> Role.CONTENT_LENGTH;
            case "content-type" -> Role.CONTENT_TYPE;
            case "referer" -> Role.REFERER;
            case "origin" -> Role.ORIGIN;
            case "sec-fetch-site" -> Role.SITE;
            case "accept-language" -> Role.LANGUAGE;
            case "accept-encoding" -> Role.ENCODING;
            case "sec-fetch-mode", "sec-fetch-user", "sec-fetch-dest" -> Role.SECURE_ONLY;
            default -> lower.startsWith("sec-ch-") ? Role.SECURE_ONLY : Role.FIXED;
        };
    }
}
