package io.github.hc5.utls.pool;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link Prewarm}: tries wait in a queue; each batch moves some of them to a second queue of those that may
 * begin; as many of these are opening at once as allowed; one that fails goes to the first queue again while it has
 * retries left. State is guarded by this; nothing is called under it.
 */
final class PrewarmRun implements PrewarmProgress {

    /** One connection to open, at its so many-th try. */
    private record Try(int number) {}

    /** Opens one connection nobody has leased. */
    interface Opener {
        void open(FutureCallback<HotConnection> callback);
    }

    /** Checks an open connection; healthy also where there is nothing to check because somebody uses it. */
    interface Checker {
        void check(HotConnection connection, Consumer<Boolean> outcome);
    }

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Prewarm order;
    private final Opener opener;
    private final Checker checker;
    private final PoolTimer timer;
    private final LongSupplier clock;
    private final long startNanos;
    private final CompletableFuture<PrewarmReport> result = new CompletableFuture<>();
    private final ArrayDeque<Try> later = new ArrayDeque<>();
    private final ArrayDeque<Try> ready = new ArrayDeque<>();
    private final List<Exception> failures = new ArrayList<>();
    private int opening;
    private int opened;
    private boolean over;
    private @Nullable Cancellable timeout;

    PrewarmRun(Prewarm order, Opener opener, Checker checker, PoolTimer timer, LongSupplier clock) {
        this.order = order;
        this.opener = opener;
        this.checker = checker;
        this.timer = timer;
        this.clock = clock;
        this.startNanos = clock.getAsLong();
        for (int i = 0; i < order.connections(); i++) {
            later.add(new Try(0));
        }
    }

    PrewarmRun start() {
        Cancellable limit = timer.schedule(
                () -> end(new SocketTimeoutException("Not open within " + order.timeout())),
                order.timeout().toNanos());
        synchronized (this) {
            timeout = limit;
        }
        batch();
        return this;
    }

    @Override
    public CompletableFuture<PrewarmReport> result() {
        return result;
    }

    @Override
    public synchronized PrewarmReport report() {
        return new PrewarmReport(
                order.route(), order.connections(), opened, failures, Duration.ofNanos(clock.getAsLong() - startNanos));
    }

    @Override
    public void cancel() {
        end(new CancellationException("Prewarming was cancelled"));
    }

    private void batch() {
        boolean more;
        synchronized (this) {
            if (over) {
                return;
            }
            for (int i = 0; i < order.batchSize() && !later.isEmpty(); i++) {
                ready.add(later.remove());
            }
            more = !later.isEmpty();
        }
        if (more) {
            timer.schedule(this::batch, order.batchInterval().toNanos());
        }
        openReady();
    }

    private void openReady() {
        for (Try next = take(); next != null; next = take()) {
            Try current = next;
            opener.open(new FutureCallback<>() {
                @Override
                public void completed(HotConnection connection) {
                    if (order.validate()) {
                        checker.check(connection, healthy -> {
                            if (healthy) {
                                succeeded();
                            } else {
                                PrewarmRun.this.failed(current, new IOException("The check of the connection failed"));
                            }
                        });
                    } else {
                        succeeded();
                    }
                }

                @Override
                public void failed(Exception cause) {
                    PrewarmRun.this.failed(current, cause);
                }

                @Override
                public void cancelled() {
                    PrewarmRun.this.failed(current, new CancellationException("Connecting was cancelled"));
                }
            });
        }
    }

    private synchronized @Nullable Try take() {
        if (over || ready.isEmpty() || opening >= order.concurrency()) {
            return null;
        }
        opening++;
        return ready.remove();
    }

    private void succeeded() {
        synchronized (this) {
            opening--;
            if (!over) {
                opened++;
            }
        }
        goOn();
    }

    private void failed(Try failed, Exception cause) {
        boolean again;
        synchronized (this) {
            opening--;
            again = !over && failed.number() < order.retries() && !(cause instanceof LimitReachedException);
            if (!again && !over) {
                failures.add(cause);
            }
            if (again) {
                // counted as opening until its time comes, so that the order does not end without it
                opening++;
            }
        }
        if (again) {
            timer.schedule(() -> retry(failed), RETRY_NANOS << Math.min(6, failed.number()));
        }
        goOn();
    }

    private void retry(Try failed) {
        synchronized (this) {
            opening--;
            ready.addFirst(new Try(failed.number() + 1));
        }
        openReady();
    }

    private void goOn() {
        boolean done;
        synchronized (this) {
            done = !over && opening == 0 && ready.isEmpty() && later.isEmpty();
        }
        if (done) {
            end(null);
        } else {
            openReady();
        }
    }

    private void end(@Nullable Exception cause) {
        Cancellable limit;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            limit = timeout;
            while (cause != null && opened + failures.size() < order.connections()) {
                failures.add(cause);
            }
        }
        if (limit != null) {
            limit.cancel();
        }
        result.complete(report());
    }
}
