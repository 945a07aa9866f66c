package io.github.hc5.utls.pool;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.Cancellable;

/**
 * The future of a lease that was granted at once.
 *
 * <p>Cancelling it cancels the exchange of the lease. HttpClient makes this future the thing to cancel only after the
 * callback of the lease has run, which has by then made the exchange that thing: without this, cancelling a request on a
 * connection that was open already would do nothing.
 */
final class GrantedLease implements Future<AsyncConnectionEndpoint>, Cancellable {

    private final HotEndpoint endpoint;

    GrantedLease(HotEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public AsyncConnectionEndpoint get() {
        return endpoint;
    }

    @Override
    public AsyncConnectionEndpoint get(long timeout, TimeUnit unit) {
        return endpoint;
    }

    @Override
    public boolean isDone() {
        return true;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean cancel() {
        endpoint.cancelExchange();
        return false;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return cancel();
    }
}
