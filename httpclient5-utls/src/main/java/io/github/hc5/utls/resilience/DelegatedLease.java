package io.github.hc5.utls.resilience;

import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.BasicFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** A lease from one of several managers. Cancelling it reaches that manager even after the delivery, as it may count on. */
class DelegatedLease extends BasicFuture<AsyncConnectionEndpoint> {

    private final AsyncClientConnectionManager manager;
    private final HttpRoute route;
    private volatile @Nullable Future<AsyncConnectionEndpoint> inner;

    DelegatedLease(
            AsyncClientConnectionManager manager,
            HttpRoute route,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        super(callback);
        this.manager = manager;
        this.route = route;
    }

    /** The manager could not give a connection. */
    void refused(Exception cause) {}

    void begin(Future<AsyncConnectionEndpoint> future) {
        inner = future;
        if (isCancelled()) {
            future.cancel(true);
        }
    }

    FutureCallback<AsyncConnectionEndpoint> delivery() {
        return new FutureCallback<>() {
            @Override
            public void completed(AsyncConnectionEndpoint endpoint) {
                if (!DelegatedLease.this.completed(new DelegatedEndpoint(manager, endpoint, route))) {
                    manager.release(endpoint, null, TimeValue.NEG_ONE_MILLISECOND);
                }
            }

            @Override
            public void failed(Exception cause) {
                refused(cause);
                DelegatedLease.this.failed(cause);
            }

            @Override
            public void cancelled() {
                DelegatedLease.super.cancel(true);
            }
        };
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        Future<AsyncConnectionEndpoint> future = inner;
        if (future != null) {
            future.cancel(mayInterruptIfRunning);
        }
        return cancelled;
    }

    @Override
    public boolean cancel() {
        return cancel(true);
    }
}
