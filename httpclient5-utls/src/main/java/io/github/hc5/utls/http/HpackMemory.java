package io.github.hc5.utls.http;

import org.jspecify.annotations.Nullable;

/**
 * Which fields the blocks before sent as an index, by their place in the block. Most fields of a connection's requests are
 * the same objects at the same places again and again, so their index is found without a look-up. Only what a look-up
 * would find too is remembered: a static index for good, an entry of the dynamic table for as long as it is in there.
 *
 * <p>Guarded by the session's lock.
 */
final class HpackMemory {

    private static final int PLACES = 48;

    private final @Nullable String[] names = new String[PLACES];
    private final @Nullable String[] values = new String[PLACES];
    private final int[] staticIndexes = new int[PLACES];
    private final HpackDynamicTable.@Nullable Entry[] entries = new HpackDynamicTable.Entry[PLACES];

    /** Returns the index of the field at a place, 0 if it is not remembered. */
    @SuppressWarnings("ReferenceEquality") // equal objects that are not the same are looked up
    int index(int place, String name, String value, HpackDynamicTable table) {
        if (place >= PLACES || names[place] != name || values[place] != value) {
            return 0;
        }
        HpackDynamicTable.Entry entry = entries[place];
        return entry == null ? staticIndexes[place] : table.indexOf(entry);
    }

    void remember(int place, String name, String value, int staticIndex, HpackDynamicTable.@Nullable Entry entry) {
        if (place < PLACES) {
            names[place] = name;
            values[place] = value;
            staticIndexes[place] = staticIndex;
            entries[place] = entry;
        }
    }
}
