package io.github.hc5.utls.pool;

import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/** Tries an ejected exit by opening a connection over it, which the pool keeps if it succeeds. Thread-safe. */
final class ExitProber implements Exits.Prober {

    private final HotConnectionManager manager;
    private final WarmUp warmUp;

    ExitProber(HotConnectionManager manager, WarmUp warmUp) {
        this.manager = manager;
        this.warmUp = warmUp;
    }

    @Override
    public boolean probe(HttpRoute route, Consumer<@Nullable Exception> outcome) {
        if (manager.isClosed()) {
            return false;
        }
        warmUp.reserveAndOpen(manager.pool(route), new FutureCallback<>() {
            @Override
            public void completed(HotConnection connection) {
                outcome.accept(null);
            }

            @Override
            public void failed(Exception cause) {
                outcome.accept(cause);
            }

            @Override
            public void cancelled() {
                outcome.accept(new CancellationException("The probe of an exit was cancelled"));
            }
        });
        return true;
    }
}
