package io.github.hc5.utls.pool;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Leases that wait, by their deadlines: a binary heap (Williams 1964) whose elements know their places in it, so that one
 * that is granted or cancelled leaves in logarithmic time, however many wait. Guarded by the lock of the {@link HostPool}.
 */
final class DeadlineHeap {

    private static final int LEAST = 16;

    private @Nullable LeaseRequest[] heap = new LeaseRequest[LEAST];
    private int size;

    /** Returns the one with the earliest deadline, {@code null} if there is none. */
    @Nullable
    LeaseRequest first() {
        return heap[0];
    }

    void add(LeaseRequest request) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        up(size++, request);
    }

    /** Takes out a request that is in here. */
    void remove(LeaseRequest request) {
        int at = request.heapPlace;
        LeaseRequest last = heap[--size];
        heap[size] = null;
        request.heapPlace = LeaseRequest.NOWHERE;
        if (last != null && last != request) {
            down(at, last);
            if (last.heapPlace == at) {
                up(at, last);
            }
        }
        if (heap.length > LEAST && size < heap.length / 4) {
            heap = Arrays.copyOf(heap, heap.length / 2);
        }
    }

    private void up(int from, LeaseRequest request) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / 2;
            LeaseRequest above = heap[parent];
            if (above == null || above.deadlineNanos <= request.deadlineNanos) {
                break;
            }
            put(at, above);
            at = parent;
        }
        put(at, request);
    }

    private void down(int from, LeaseRequest request) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            LeaseRequest below = child < size ? heap[child] : null;
            LeaseRequest other = child + 1 < size ? heap[child + 1] : null;
            if (below != null && other != null && other.deadlineNanos < below.deadlineNanos) {
                below = other;
                child++;
            }
            if (below == null || below.deadlineNanos >= request.deadlineNanos) {
                break;
            }
            put(at, below);
            at = child;
        }
        put(at, request);
    }

    private void put(int at, LeaseRequest request) {
        heap[at] = request;
        request.heapPlace = at;
    }
}
