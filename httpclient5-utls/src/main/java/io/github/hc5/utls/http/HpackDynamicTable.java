package io.github.hc5.utls.http;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The encoder's dynamic table (RFC 7541 section 2.3.2): a queue of entries, each also linked to the next entry of its
 * own name, so that the newest and the oldest of a name are found at once. Not safe for use by several threads.
 */
final class HpackDynamicTable {

    private static final int OVERHEAD = 32;

    /** A field in the table, or one that was. */
    static final class Entry {
        final Chain chain;
        final String value;
        final int size;
        final long number;

        @Nullable
        Entry newer;

        @Nullable
        Entry newerOfName;

        @Nullable
        Entry olderOfName;

        Entry(Chain chain, String value, int size, long number) {
            this.chain = chain;
            this.value = value;
            this.size = size;
            this.number = number;
        }
    }

    private static final class Chain {
        final String name;

        @Nullable
        Entry oldest;

        @Nullable
        Entry newest;

        Chain(String name) {
            this.name = name;
        }
    }

    private final Map<String, Chain> chains = new HashMap<>();
    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    private long inserted;
    private int size;
    private int capacity = H2Frames.DEFAULT_TABLE_SIZE;

    static int sizeOf(String name, String value) {
        return name.length() + value.length() + OVERHEAD;
    }

    int capacity() {
        return capacity;
    }

    void resize(int newCapacity) {
        capacity = newCapacity;
        evictTo(newCapacity);
    }

    /** Adds an entry after evicting for it; one that is larger than the table leaves the table empty. */
    void add(String name, String value) {
        int needed = sizeOf(name, value);
        evictTo(capacity - needed);
        if (needed > capacity) {
            return;
        }
        Chain chain = chains.computeIfAbsent(name, Chain::new);
        Entry entry = new Entry(chain, value, needed, inserted++);
        if (chain.newest == null) {
            chain.oldest = entry;
        } else {
            chain.newest.newerOfName = entry;
            entry.olderOfName = chain.newest;
        }
        chain.newest = entry;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
        size += needed;
    }

    /** Returns the newest entry with this name and value, {@code null} if there is none. */
    @Nullable
    Entry find(String name, String value) {
        Chain chain = chains.get(name);
        Entry entry = chain == null ? null : chain.newest;
        while (entry != null) {
            if (entry.value.hashCode() == value.hashCode() && entry.value.equals(value)) {
                return entry;
            }
            entry = entry.olderOfName;
        }
        return null;
    }

    /** Returns the index of an entry, 0 if it is not in the table any longer. */
    int indexOf(@Nullable Entry entry) {
        boolean kept = entry != null && oldest != null && entry.number >= oldest.number;
        return kept ? index(entry) : 0;
    }

    /** Returns the lowest index with this name, 0 if there is none. */
    int newestOf(String name) {
        Chain chain = chains.get(name);
        return chain == null ? 0 : index(chain.newest);
    }

    /** Returns the highest index with this name, 0 if there is none. */
    int oldestOf(String name) {
        Chain chain = chains.get(name);
        return chain == null ? 0 : index(chain.oldest);
    }

    private int index(@Nullable Entry entry) {
        return entry == null ? 0 : HpackStaticTable.SIZE + (int) (inserted - entry.number);
    }

    private void evictTo(int limit) {
        while (size > Math.max(limit, 0) && oldest != null) {
            Entry gone = oldest;
            oldest = gone.newer;
            if (oldest == null) {
                newest = null;
            }
            Chain chain = gone.chain;
            chain.oldest = gone.newerOfName;
            if (chain.oldest == null) {
                chains.remove(chain.name);
            } else {
                chain.oldest.olderOfName = null;
            }
            size -= gone.size;
        }
    }
}
