package io.github.hc5.utls.pool;

import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.BasicFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/**
 * A lease that could not be granted at once: the future its caller holds, and its place in the {@link LeaseQueue}. Who
 * completes the future decides: a connection granted to a request that was cancelled in the meantime goes back.
 */
final class LeaseRequest extends BasicFuture<AsyncConnectionEndpoint> {

    static final int NOWHERE = -1;

    final @Nullable String id;
    final HostPool pool;
    final @Nullable Object state;
    final @Nullable LeaseWish wish;
    final RouteTimes times;
    final long startNanos;

    /** {@link LeaseQueue#NONE} if it waits without a limit. */
    final long deadlineNanos;

    /** Guarded by the pool's lock. */
    @Nullable
    LeaseRequest previous;

    /** Guarded by the pool's lock. */
    @Nullable
    LeaseRequest next;

    /** Guarded by the pool's lock. */
    boolean queued;

    /** Guarded by the pool's lock: its place in a {@link DeadlineHeap}, or {@link #NOWHERE}. */
    int heapPlace = NOWHERE;

    /** Written under the pool's lock before it is granted: whether it could not be granted at once. */
    boolean waited;

    /** Guarded by the pool's lock: its class in the queue. */
    boolean guaranteed;

    /** What it was completed with. */
    volatile @Nullable HotEndpoint delivered;

    LeaseRequest(
            @Nullable String id,
            HostPool pool,
            @Nullable Object state,
            @Nullable LeaseWish wish,
            RouteTimes times,
            long startNanos,
            long deadlineNanos,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        super(callback);
        this.id = id;
        this.pool = pool;
        this.state = state;
        this.wish = wish;
        this.times = times;
        this.startNanos = startNanos;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        HotEndpoint endpoint = delivered;
        if (cancelled) {
            pool.abandon(this);
        } else if (endpoint != null) {
            // for the reason that GrantedLease gives
            endpoint.cancelExchange();
        }
        return cancelled;
    }

    @Override
    public boolean cancel() {
        return cancel(true);
    }
}
