package io.github.hc5.utls.metrics;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the number of values of a tag bounded: so many get their own, first come, first served, and keep it; those named
 * beforehand always do; all others share one. Thread-safe.
 */
final class TagValues {

    /** What all others share. */
    static final String OTHER = "other";

    private final Set<String> own = ConcurrentHashMap.newKeySet();
    private final Set<String> named;
    private final AtomicInteger room;

    TagValues(int most, Collection<String> named) {
        this.named = Set.copyOf(named);
        this.room = new AtomicInteger(most);
    }

    /** Returns the value itself or {@link #OTHER}. */
    String of(String value) {
        if (value.isEmpty()) {
            return OTHER;
        }
        if (named.contains(value) || own.contains(value)) {
            return value;
        }
        if (room.get() <= 0 || room.getAndDecrement() <= 0) {
            return OTHER;
        }
        if (!own.add(value)) {
            // another thread has just taken it in
            room.incrementAndGet();
        }
        return value;
    }
}
