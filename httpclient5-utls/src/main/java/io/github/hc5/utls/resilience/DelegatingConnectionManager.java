package io.github.hc5.utls.resilience;

import java.util.concurrent.Future;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A manager that leases from others: whatever is done with an endpoint after that is done by the manager it came from,
 * which the {@link DelegatedEndpoint} knows.
 */
abstract class DelegatingConnectionManager implements AsyncClientConnectionManager {

    @Override
    public Future<AsyncConnectionEndpoint> connect(
            AsyncConnectionEndpoint endpoint,
            @Nullable ConnectionInitiator connectionInitiator,
            @Nullable Timeout connectTimeout,
            @Nullable Object attachment,
            @Nullable HttpContext context,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        DelegatedEndpoint own = DelegatedEndpoint.cast(endpoint);
        return own.manager.connect(
                own.endpoint, connectionInitiator, connectTimeout, attachment, context, own.answering(callback));
    }

    @Override
    public void release(AsyncConnectionEndpoint endpoint, @Nullable Object newState, TimeValue validDuration) {
        DelegatedEndpoint own = DelegatedEndpoint.cast(endpoint);
        own.manager.release(own.endpoint, newState, validDuration);
    }

    @Override
    public void upgrade(AsyncConnectionEndpoint endpoint, @Nullable Object attachment, @Nullable HttpContext context) {
        upgrade(endpoint, attachment, context, null);
    }

    @Override
    public void upgrade(
            AsyncConnectionEndpoint endpoint,
            @Nullable Object attachment,
            @Nullable HttpContext context,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        DelegatedEndpoint own = DelegatedEndpoint.cast(endpoint);
        own.manager.upgrade(own.endpoint, attachment, context, own.answering(callback));
    }

    @Override
    public void close() {
        close(CloseMode.GRACEFUL);
    }
}
