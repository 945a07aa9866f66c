package io.github.hc5.utls.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open streams by id: linear probing without boxing, because every frame asks. Client ids are odd and rise by two,
 * so half of the id spreads them evenly. Guarded by the session's lock.
 */
final class StreamTable {

    private @Nullable H2Stream[] slots = new H2Stream[64];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    H2Stream get(int id) {
        int at = slot(id);
        H2Stream stream = slots[at];
        while (stream != null && stream.id() != id) {
            at = (at + 1) & (slots.length - 1);
            stream = slots[at];
        }
        return stream;
    }

    void put(H2Stream stream) {
        if (size * 2 >= slots.length) {
            grow();
        }
        insert(stream);
        size++;
    }

    void remove(int id) {
        int at = slot(id);
        H2Stream stream = slots[at];
        while (stream != null && stream.id() != id) {
            at = (at + 1) & (slots.length - 1);
            stream = slots[at];
        }
        if (stream == null) {
            return;
        }
        slots[at] = null;
        size--;
        closeGap(at);
    }

    /** Returns the streams in no particular order. */
    List<H2Stream> all() {
        List<H2Stream> all = new ArrayList<>(size);
        for (H2Stream stream : slots) {
            if (stream != null) {
                all.add(stream);
            }
        }
        return all;
    }

    /** Returns the last opened of the lightest streams that weigh no less than {@code weight}, 0 if none does. */
    int lightestFrom(int weight) {
        int lightest = Integer.MAX_VALUE;
        int id = 0;
        for (H2Stream stream : slots) {
            if (stream != null && stream.weight() >= weight) {
                int other = stream.weight();
                if (other < lightest || (other == lightest && stream.id() > id)) {
                    lightest = other;
                    id = stream.id();
                }
            }
        }
        return id;
    }

    private void closeGap(int gap) {
        int at = (gap + 1) & (slots.length - 1);
        H2Stream stream = slots[at];
        while (stream != null) {
            slots[at] = null;
            insert(stream);
            at = (at + 1) & (slots.length - 1);
            stream = slots[at];
        }
    }

    private void insert(H2Stream stream) {
        int at = slot(stream.id());
        while (slots[at] != null) {
            at = (at + 1) & (slots.length - 1);
        }
        slots[at] = stream;
    }

    private void grow() {
        List<H2Stream> all = all();
        slots = new H2Stream[slots.length * 2];
        all.forEach(this::insert);
    }

    private int slot(int id) {
        return (id >>> 1) & (slots.length - 1);
    }
}
