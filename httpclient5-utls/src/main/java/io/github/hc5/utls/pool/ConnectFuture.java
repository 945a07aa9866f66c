package io.github.hc5.utls.pool;

import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.BasicFuture;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/**
 * The future of a connect. Cancelled before it is done, it leaves the dial to the release of the endpoint, which knows
 * whether others wait for it; cancelled after, it cancels the exchange, for the reason that {@link GrantedLease} gives.
 */
final class ConnectFuture extends BasicFuture<AsyncConnectionEndpoint> {

    private final HotEndpoint endpoint;
    private volatile @Nullable Cancellable pending;

    ConnectFuture(HotEndpoint endpoint, @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        super(callback);
        this.endpoint = endpoint;
    }

    /** Has this called off with the future. */
    void waitsFor(Cancellable lease) {
        pending = lease;
        if (isCancelled()) {
            lease.cancel();
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        Cancellable lease = pending;
        if (!cancelled) {
            endpoint.cancelExchange();
        } else if (lease != null) {
            lease.cancel();
        }
        return cancelled;
    }

    @Override
    public boolean cancel() {
        return cancel(true);
    }
}
