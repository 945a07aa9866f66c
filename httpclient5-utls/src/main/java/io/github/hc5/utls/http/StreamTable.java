package io.github.hc5.utls.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open streams by id, without boxing, because every frame asks: a hash table chained through the streams themselves.
 * Client ids are odd and rise by two, so half of the id spreads them evenly.
 *
 * <p>The streams of each weight are also linked in the order of their opening, because a new stream may depend on the last
 * one opened of a weight. Browsers use a handful of weights.
 *
 * <p>Guarded by the session's lock, and so are the links in the streams.
 */
final class StreamTable {

    private @Nullable H2Stream[] slots = new H2Stream[64];
    private int size;

    /** The weights seen so far in rising order, and the last opened stream of each that is still open. */
    private int[] weights = new int[4];

    private @Nullable H2Stream[] newest = new H2Stream[4];
    private int weightCount;

    int size() {
        return size;
    }

    @Nullable
    H2Stream get(int id) {
        H2Stream stream = slots[slot(id)];
        while (stream != null && stream.id() != id) {
            stream = stream.nextInSlot;
        }
        return stream;
    }

    void put(H2Stream stream) {
        if (size == slots.length) {
            grow();
        }
        insert(stream);
        size++;
        if (stream.weight() > 0) {
            int index = weightIndex(stream.weight());
            H2Stream before = newest[index];
            stream.olderOfWeight = before;
            if (before != null) {
                before.newerOfWeight = stream;
            }
            newest[index] = stream;
        }
    }

    void remove(int id) {
        H2Stream before = null;
        H2Stream stream = slots[slot(id)];
        while (stream != null && stream.id() != id) {
            before = stream;
            stream = stream.nextInSlot;
        }
        if (stream == null) {
            return;
        }
        if (before == null) {
            slots[slot(id)] = stream.nextInSlot;
        } else {
            before.nextInSlot = stream.nextInSlot;
        }
        stream.nextInSlot = null;
        size--;
        unlink(stream);
    }

    /** Returns the streams in no particular order. */
    List<H2Stream> all() {
        List<H2Stream> all = new ArrayList<>(size);
        for (H2Stream first : slots) {
            for (H2Stream stream = first; stream != null; stream = stream.nextInSlot) {
                all.add(stream);
            }
        }
        return all;
    }

    /** Returns the last opened of the lightest streams that weigh no less than {@code weight}, 0 if none does. */
    int lightestFrom(int weight) {
        for (int i = 0; i < weightCount; i++) {
            H2Stream stream = newest[i];
            if (stream != null && weights[i] >= weight) {
                return stream.id();
            }
        }
        return 0;
    }

    private void unlink(H2Stream stream) {
        H2Stream older = stream.olderOfWeight;
        H2Stream newer = stream.newerOfWeight;
        if (older != null) {
            older.newerOfWeight = newer;
        }
        if (newer != null) {
            newer.olderOfWeight = older;
        } else if (stream.weight() > 0) {
            newest[weightIndex(stream.weight())] = older;
        }
        stream.olderOfWeight = null;
        stream.newerOfWeight = null;
    }

    private int weightIndex(int weight) {
        int index = Arrays.binarySearch(weights, 0, weightCount, weight);
        if (index >= 0) {
            return index;
        }
        index = -index - 1;
        if (weightCount == weights.length) {
            weights = Arrays.copyOf(weights, weightCount * 2);
            newest = Arrays.copyOf(newest, weightCount * 2);
        }
        System.arraycopy(weights, index, weights, index + 1, weightCount - index);
        System.arraycopy(newest, index, newest, index + 1, weightCount - index);
        weights[index] = weight;
        newest[index] = null;
        weightCount++;
        return index;
    }

    private void insert(H2Stream stream) {
        int at = slot(stream.id());
        stream.nextInSlot = slots[at];
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
