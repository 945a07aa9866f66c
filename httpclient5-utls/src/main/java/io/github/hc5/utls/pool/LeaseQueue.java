package io.github.hc5.utls.pool;

import org.jspecify.annotations.Nullable;

/**
 * The leases that wait for one route, first come first served: a doubly linked list through the requests themselves, so
 * that a cancelled one leaves in constant time. Guarded by the lock of the {@link HostPool}.
 *
 * <p>Deadlines differ, so the list is not sorted by them; a lower bound of the earliest is kept, and the list is walked
 * only when that bound has passed.
 */
final class LeaseQueue {

    static final long NONE = Long.MAX_VALUE;

    private @Nullable LeaseRequest head;
    private @Nullable LeaseRequest tail;
    private int size;
    private int stateful;
    private long earliestDeadline = NONE;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return head == null;
    }

    /** Whether any request carries a user token. */
    boolean hasStateful() {
        return stateful > 0;
    }

    boolean hasStateless() {
        return size > stateful;
    }

    @Nullable
    LeaseRequest first() {
        return head;
    }

    void add(LeaseRequest request) {
        request.previous = tail;
        if (tail == null) {
            head = request;
        } else {
            tail.next = request;
        }
        tail = request;
        request.queued = true;
        size++;
        if (request.state != null) {
            stateful++;
        }
        earliestDeadline = Math.min(earliestDeadline, request.deadlineNanos);
    }

    /** Takes the request out; returns false if it is not in the queue. */
    boolean remove(LeaseRequest request) {
        if (!request.queued) {
            return false;
        }
        LeaseRequest before = request.previous;
        LeaseRequest after = request.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        request.previous = null;
        request.next = null;
        request.queued = false;
        size--;
        if (request.state != null) {
            stateful--;
        }
        if (size == 0) {
            earliestDeadline = NONE;
        }
        return true;
    }

    /** Takes out and returns one request whose deadline has passed, or {@code null} when there is none. */
    @Nullable
    LeaseRequest pollExpired(long now) {
        if (now < earliestDeadline) {
            return null;
        }
        long earliest = NONE;
        for (LeaseRequest r = head; r != null; r = r.next) {
            if (r.deadlineNanos <= now) {
                remove(r);
                return r;
            }
            earliest = Math.min(earliest, r.deadlineNanos);
        }
        earliestDeadline = earliest;
        return null;
    }

    /** A moment at or before the earliest deadline; {@link #NONE} if no request has one. */
    long earliestDeadline() {
        return earliestDeadline;
    }
}
