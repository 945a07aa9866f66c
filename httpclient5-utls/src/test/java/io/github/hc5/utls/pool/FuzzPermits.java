package io.github.hc5.utls.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.HttpRoute;

/** Permits granted or refused when the test says so; counts those that are out. */
final class FuzzPermits implements LeasePermits {

    final boolean limited;
    int out;
    private final List<CompletableFuture<Permit>> asked = new ArrayList<>();

    FuzzPermits() {
        this.limited = true;
    }

    FuzzPermits(boolean unused) {
        this.limited = !unused;
    }

    @Override
    public CompletionStage<Permit> acquire(HttpRoute route, Duration timeout) {
        CompletableFuture<Permit> future = new CompletableFuture<>();
        asked.add(future);
        return future;
    }

    void answer(Random random) {
        if (!asked.isEmpty()) {
            CompletableFuture<Permit> future = asked.remove(random.nextInt(asked.size()));
            if (random.nextInt(4) == 0) {
                future.completeExceptionally(new TimeoutException("no permit"));
            } else {
                grant(future);
            }
        }
    }

    void answerAll() {
        while (!asked.isEmpty()) {
            grant(asked.remove(0));
        }
    }

    private void grant(CompletableFuture<Permit> future) {
        out++;
        AtomicBoolean back = new AtomicBoolean();
        future.complete(() -> {
            if (!back.compareAndSet(false, true)) {
                throw new AssertionError("a permit was given back twice");
            }
            out--;
        });
    }

    @Override
    public void close() {}
}
