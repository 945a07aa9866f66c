package io.github.hc5.utls.pool;

import org.jspecify.annotations.Nullable;

/**
 * Leases that wait, in an order: a doubly linked list through the requests themselves, so that a cancelled one leaves in
 * constant time. Guarded by the lock of the {@link HostPool}.
 */
final class LeaseList {

    private @Nullable LeaseRequest head;
    private @Nullable LeaseRequest tail;

    @Nullable
    LeaseRequest first() {
        return head;
    }

    void addLast(LeaseRequest request) {
        insertAfter(tail, request);
    }

    /** Puts it behind those whose deadline is no later; budgets being alike, that is nearly always near the end. */
    void addByDeadline(LeaseRequest request) {
        LeaseRequest before = tail;
        while (before != null && before.deadlineNanos > request.deadlineNanos) {
            before = before.previous;
        }
        insertAfter(before, request);
    }

    private void insertAfter(@Nullable LeaseRequest before, LeaseRequest request) {
        LeaseRequest after = before == null ? head : before.next;
        request.previous = before;
        request.next = after;
        if (before == null) {
            head = request;
        } else {
            before.next = request;
        }
        if (after == null) {
            tail = request;
        } else {
            after.previous = request;
        }
    }

    void remove(LeaseRequest request) {
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
    }
}
