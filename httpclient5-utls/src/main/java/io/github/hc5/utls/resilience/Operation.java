package io.github.hc5.utls.resilience;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request from the caller's point of view: all its tries, waits and redirects, under one deadline. It stands between
 * the caller's future and whatever is under way just now, so that the end of either ends the other; it ends once.
 *
 * <p>Thread-safe in its end; the rest belongs to whichever thread drives the request, one at a time.
 */
final class Operation extends DeadlineWheel.Entry implements AsyncExecCallback, CancellableDependency {

    private static final AtomicIntegerFieldUpdater<Operation> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(Operation.class, "ended");

    private static final AtomicIntegerFieldUpdater<Operation> ATTEMPTS =
            AtomicIntegerFieldUpdater.newUpdater(Operation.class, "attempts");

    private final Resilience resilience;
    private final DeadlineWheel wheel;
    private final AsyncExecChain.Scope scope;
    private final AsyncExecCallback callback;
    private final Duration limit;
    private final @Nullable RequestConfig config;
    private final AtomicReference<@Nullable Cancellable> underWay = new AtomicReference<>();

    private volatile int ended;

    /** Written by the driving thread, read when the deadline passes. */
    volatile OperationPhase phase = OperationPhase.LIMITED;

    /** What went wrong last, as the caller would be told; a handler further out may still have an answer. */
    volatile @Nullable Exception failure;

    /** How far it had to go so far, {@code null} while nothing has gone wrong. */
    volatile @Nullable DegradeLevel degraded;

    /** Whether a handler may answer when all tries have failed. */
    volatile boolean hasFallback;

    private volatile int attempts;

    /** Whether any try has been sent. */
    volatile boolean sent;

    /** The request under way; another one after a redirect. */
    volatile @Nullable Attempt current;

    Operation(
            Resilience resilience,
            DeadlineWheel wheel,
            AsyncExecChain.Scope scope,
            AsyncExecCallback callback,
            Duration limit,
            long deadlineNanos) {
        super(deadlineNanos);
        this.resilience = resilience;
        this.wheel = wheel;
        this.scope = scope;
        this.callback = callback;
        this.limit = limit;
        this.config = scope.clientContext.getRequestConfig();
    }

    /** The configuration that the caller gave, which the tries tighten. */
    RequestConfig callersConfig() {
        RequestConfig c = config;
        return c != null ? c : RequestConfig.DEFAULT;
    }

    void countAttempt() {
        ATTEMPTS.incrementAndGet(this);
    }

    int attempts() {
        return attempts;
    }

    boolean hasEnded() {
        return ended != 0;
    }

    private boolean end() {
        if (!ENDED.compareAndSet(this, 0, 1)) {
            return false;
        }
        // counted before it is no longer in flight
        DegradeLevel level = degraded;
        if (level != null) {
            resilience.degraded(level);
        }
        wheel.remove(this);
        scope.clientContext.setRequestConfig(config);
        return true;
    }

    @Override
    void expire() {
        if (hasEnded()) {
            return;
        }
        OperationTimeoutException cause =
                new OperationTimeoutException(scope.route.getTargetHost(), limit, phase, sent, Math.max(1, attempts));
        Attempt attempt = current;
        if (attempt != null) {
            attempt.earlier().forEach(cause::addSuppressed);
            if (hasFallback && attempt.abandon()) {
                // its failure is told from the inside out, and answered on its way or not
                cancelUnderWay();
                attempt.abandoned(cause);
                return;
            }
        }
        degraded(DegradeLevel.FAILED);
        if (end()) {
            cancelUnderWay();
            callback.failed(cause);
        }
    }

    void degraded(DegradeLevel level) {
        degraded = level;
        scope.clientContext.setAttribute(Resilience.DEGRADED, level);
    }

    private void cancelUnderWay() {
        Cancellable dependency = underWay.getAndSet(null);
        if (dependency != null) {
            dependency.cancel();
        }
    }

    // ---- between the caller's future and what is under way

    @Override
    public void setDependency(Cancellable dependency) {
        underWay.set(dependency);
        if ((hasEnded() || isCancelled()) && underWay.compareAndSet(dependency, null)) {
            dependency.cancel();
        }
    }

    @Override
    public boolean isCancelled() {
        return scope.cancellableDependency.isCancelled();
    }

    /** The caller has cancelled: what is under way ends, and with it the operation. */
    @Override
    public boolean cancel() {
        cancelUnderWay();
        return true;
    }

    // ---- what the tries report

    @Override
    public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, @Nullable EntityDetails details)
            throws HttpException, IOException {
        if (hasEnded()) {
            throw new InterruptedIOException("The operation is over");
        }
        return callback.handleResponse(response, details);
    }

    @Override
    public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
        if (!hasEnded()) {
            callback.handleInformationResponse(response);
        }
    }

    @Override
    public void completed() {
        if (end()) {
            callback.completed();
        }
    }

    @Override
    public void failed(Exception cause) {
        if (end()) {
            callback.failed(cause);
        }
    }
}
