package io.github.hc5.utls.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;

/** No cap: recognised by the pool, which then skips the asking. */
final class UnlimitedPermits implements LeasePermits {

    static final UnlimitedPermits INSTANCE = new UnlimitedPermits();
    static final Permit PERMIT = () -> {};

    private UnlimitedPermits() {}

    @Override
    public CompletionStage<Permit> acquire(HttpRoute route, Duration timeout, Consumer<Permit> revoked) {
        return CompletableFuture.completedFuture(PERMIT);
    }

    @Override
    public void close() {}
}
