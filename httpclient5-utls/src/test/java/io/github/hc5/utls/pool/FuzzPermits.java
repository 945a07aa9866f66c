package io.github.hc5.utls.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;

/** Permits granted or refused when the test says so; counts those that are out. */
final class FuzzPermits implements LeasePermits {

    final boolean limited;
    int out;
    private final List<Asked> asked = new ArrayList<>();
    private final Map<Permit, Consumer<Permit>> granted = new LinkedHashMap<>();

    private record Asked(CompletableFuture<Permit> answer, Consumer<Permit> revoked) {}

    FuzzPermits() {
        this.limited = true;
    }

    FuzzPermits(boolean unused) {
        this.limited = !unused;
    }

    @Override
    public CompletionStage<Permit> acquire(HttpRoute route, Duration timeout, Consumer<Permit> revoked) {
        CompletableFuture<Permit> future = new CompletableFuture<>();
        asked.add(new Asked(future, revoked));
        return future;
    }

    void answer(Random random) {
        if (!asked.isEmpty()) {
            Asked next = asked.remove(random.nextInt(asked.size()));
            if (random.nextInt(4) == 0) {
                next.answer().completeExceptionally(new TimeoutException("no permit"));
            } else {
                grant(next);
            }
        }
    }

    void answerAll() {
        while (!asked.isEmpty()) {
            grant(asked.remove(0));
        }
    }

    private void grant(Asked next) {
        out++;
        Permit permit = new Permit() {
            private boolean back;

            @Override
            public void release() {
                if (back) {
                    throw new AssertionError("a permit was given back twice");
                }
                back = true;
                out--;
                granted.remove(this);
            }
        };
        granted.put(permit, next.revoked());
        next.answer().complete(permit);
    }

    /** Revokes one of those that are out. */
    void revoke(Random random) {
        if (!granted.isEmpty()) {
            Permit permit = List.copyOf(granted.keySet()).get(random.nextInt(granted.size()));
            Consumer<Permit> revoked = granted.get(permit);
            if (revoked != null) {
                revoked.accept(permit);
            }
        }
    }

    void revokeAll() {
        Map.copyOf(granted).forEach((permit, revoked) -> revoked.accept(permit));
    }

    @Override
    public void close() {}
}
