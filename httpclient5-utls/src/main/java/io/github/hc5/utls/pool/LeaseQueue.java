package io.github.hc5.utls.pool;

import org.jspecify.annotations.Nullable;

/**
 * The leases that wait for one route, in two classes: the guaranteed ones, earliest deadline first, and the others, first
 * come first served; without {@linkplain LeaseScheduling scheduling} by deadline all are of the second. While both wait,
 * the first class gets so many grants in a row and the second then one, which bounds how long anyone starves. Guarded by
 * the lock of the {@link HostPool}.
 *
 * <p>Deadlines differ within the second class, which is not in their order; a {@link DeadlineHeap} tells which has passed.
 */
final class LeaseQueue {

    static final long NONE = Long.MAX_VALUE;

    private final LeaseList guaranteed = new LeaseList();
    private final LeaseList burst = new LeaseList();
    private int size;
    private int stateful;
    private int turns = 1;
    private final DeadlineHeap burstDeadlines = new DeadlineHeap();

    /** Grants to the guaranteed class since the last to the other, while that one waited. */
    private int inARow;

    /** Where the walk begun by {@link #first} stands in each list, and the grants in a row if all it met were granted. */
    private @Nullable LeaseRequest nextGuaranteed;

    private @Nullable LeaseRequest nextBurst;
    private int inARowThen;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether any request carries a user token. */
    boolean hasStateful() {
        return stateful > 0;
    }

    boolean hasStateless() {
        return size > stateful;
    }

    /** Begins a walk through all requests in the order in which they are to be served; the first, or {@code null}. */
    @Nullable
    LeaseRequest first() {
        nextGuaranteed = guaranteed.first();
        nextBurst = burst.first();
        inARowThen = inARow;
        return next();
    }

    /**
     * Returns the next of the walk. Of the requests in the queue, only those that the walk has met already may be removed
     * before the walk is over.
     */
    @Nullable
    LeaseRequest next() {
        LeaseRequest g = nextGuaranteed;
        LeaseRequest b = nextBurst;
        if (g != null && (b == null || inARowThen < turns)) {
            nextGuaranteed = g.next;
            inARowThen += b == null ? 0 : 1;
            return g;
        }
        if (b != null) {
            nextBurst = b.next;
            inARowThen = 0;
        }
        return b;
    }

    void add(LeaseRequest request, LeaseScheduling scheduling) {
        turns = scheduling.turns();
        request.guaranteed = scheduling.isGuaranteed(request);
        if (request.guaranteed) {
            guaranteed.addByDeadline(request);
        } else {
            burst.addLast(request);
            if (request.deadlineNanos != NONE) {
                burstDeadlines.add(request);
            }
        }
        request.queued = true;
        size++;
        if (request.state != null) {
            stateful++;
        }
    }

    /** Takes a request out that is given a connection. */
    void removeGranted(LeaseRequest request) {
        if (!request.guaranteed) {
            inARow = 0;
        } else if (burst.first() != null) {
            inARow++;
        }
        remove(request);
    }

    /** Takes the request out; returns false if it is not in the queue. */
    boolean remove(LeaseRequest request) {
        if (!request.queued) {
            return false;
        }
        (request.guaranteed ? guaranteed : burst).remove(request);
        if (request.heapPlace != LeaseRequest.NOWHERE) {
            burstDeadlines.remove(request);
        }
        request.queued = false;
        size--;
        if (request.state != null) {
            stateful--;
        }
        return true;
    }

    /** Takes out and returns one request whose deadline has passed, or {@code null} when there is none. */
    @Nullable
    LeaseRequest pollExpired(long now) {
        LeaseRequest first = guaranteed.first();
        if (first == null || first.deadlineNanos > now) {
            first = burstDeadlines.first();
        }
        if (first == null || first.deadlineNanos > now) {
            return null;
        }
        remove(first);
        return first;
    }

    /** The earliest deadline; {@link #NONE} if no request has one. */
    long earliestDeadline() {
        LeaseRequest first = guaranteed.first();
        LeaseRequest other = burstDeadlines.first();
        return Math.min(first == null ? NONE : first.deadlineNanos, other == null ? NONE : other.deadlineNanos);
    }
}
