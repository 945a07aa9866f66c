package io.github.hc5.utls.resilience;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Looks whether a connection manager can open a connection: leases one, opens it where it is not open, and ends it. */
final class FailoverProbe implements FutureCallback<AsyncConnectionEndpoint> {

    private final AsyncClientConnectionManager manager;
    private final Timeout timeout;
    private final Consumer<Boolean> result;
    private final AtomicBoolean told = new AtomicBoolean();

    private FailoverProbe(AsyncClientConnectionManager manager, Timeout timeout, Consumer<Boolean> result) {
        this.manager = manager;
        this.timeout = timeout;
        this.result = result;
    }

    static void run(AsyncClientConnectionManager manager, HttpRoute route, Timeout timeout, Consumer<Boolean> result) {
        FailoverProbe probe = new FailoverProbe(manager, timeout, result);
        try {
            if (manager instanceof HotConnectionManager hot) {
                Future<?> unused = hot.discover(route).whenComplete((found, failure) -> probe.tell(failure == null));
                return;
            }
            Future<?> unused = manager.lease("failover-probe", route, null, timeout, probe);
        } catch (RuntimeException closed) {
            probe.tell(false);
        }
    }

    private void tell(boolean well) {
        if (told.compareAndSet(false, true)) {
            result.accept(well);
        }
    }

    @Override
    public void completed(AsyncConnectionEndpoint endpoint) {
        FutureCallback<AsyncConnectionEndpoint> connected = new FutureCallback<>() {
            @Override
            public void completed(AsyncConnectionEndpoint ignored) {
                end(endpoint, true);
            }

            @Override
            public void failed(Exception cause) {
                end(endpoint, false);
            }

            @Override
            public void cancelled() {
                end(endpoint, false);
            }
        };
        if (endpoint.isConnected()) {
            // the manager vouches for it
            manager.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
            tell(true);
        } else {
            Future<?> unused = manager.connect(endpoint, null, timeout, null, null, connected);
        }
    }

    private void end(AsyncConnectionEndpoint endpoint, boolean well) {
        endpoint.close(CloseMode.IMMEDIATE);
        manager.release(endpoint, null, TimeValue.NEG_ONE_MILLISECOND);
        tell(well);
    }

    @Override
    public void failed(Exception cause) {
        tell(false);
    }

    @Override
    public void cancelled() {
        tell(false);
    }
}
