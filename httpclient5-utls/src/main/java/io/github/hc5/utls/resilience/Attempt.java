package io.github.hc5.utls.resilience;

import io.github.hc5.utls.health.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.apache.hc.core5.http.support.BasicRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to one host, tried until it has an answer or no more tries are allowed. Each try passes the host's breaker
 * and limits, and waits on no thread. While it waits it holds no connection.
 *
 * <p>The tries follow one another, each driven by one thread at a time.
 */
final class Attempt implements AsyncExecCallback {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final int SERVER_ERROR = 500;

    private static final AtomicIntegerFieldUpdater<Attempt> OVER =
            AtomicIntegerFieldUpdater.newUpdater(Attempt.class, "over");

    private final Resilience resilience;
    private final Operation operation;
    private final HttpRequest request;
    private final @Nullable AsyncEntityProducer producer;
    private final AsyncExecChain chain;
    private final AsyncExecCallback callback;
    private final long startNanos;

    /** As planned; that of another exit after a retry. */
    private AsyncExecChain.Scope scope;

    /** The routes tried, where there was another exit to try. */
    private @Nullable List<HttpRoute> routes;

    /** Whether its end has been told, or is no longer its own to tell. */
    private volatile int over;

    private @Nullable HostGuard guard;
    private boolean admitted;
    private @Nullable RetryTally tally;
    private @Nullable List<Exception> failures;
    private long triedNanos;
    private volatile boolean sent;
    private volatile boolean handedOn;
    private boolean retrying;
    private int status;

    Attempt(
            Resilience resilience,
            Operation operation,
            HttpRequest request,
            @Nullable AsyncEntityProducer producer,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback,
            long now) {
        this.resilience = resilience;
        this.operation = operation;
        this.request = request;
        this.producer = producer;
        this.scope = scope;
        this.chain = chain;
        this.callback = callback;
        this.startNanos = now;
    }

    synchronized List<Exception> earlier() {
        List<Exception> f = failures;
        return f == null ? List.of() : List.copyOf(f);
    }

    // ---- its end

    /** Takes the end from whatever is under way; returns false if it has been told already. */
    boolean abandon() {
        return OVER.compareAndSet(this, 0, 1);
    }

    /** Tells the end after {@link #abandon}. */
    void abandoned(Exception cause) {
        operation.degraded(DegradeLevel.FAILED);
        operation.failure = cause;
        callback.failed(cause);
    }

    boolean isOver() {
        return over != 0 || operation.hasEnded();
    }

    private void fail(Exception cause) {
        if (abandon()) {
            if (operation.isCancelled()) {
                callback.failed(cause);
            } else {
                abandoned(cause);
            }
        }
    }

    private synchronized void remember(Exception failure) {
        List<Exception> f = failures;
        if (f == null) {
            f = new ArrayList<>(2);
            failures = f;
        }
        f.add(failure);
    }

    // ---- before a try: the host's breaker and limits

    void begin() {
        if (isOver()) {
            return;
        }
        sent = false;
        handedOn = false;
        retrying = false;
        status = 0;
        operation.phase = OperationPhase.LIMITED;
        operation.countAttempt();
        HostGuard host = resilience.guards.of(scope.route.getTargetHost());
        guard = host;
        long now = resilience.time.nanoTime();
        CircuitBreaker breaker = host.breaker;
        if (breaker != null) {
            long wait = breaker.tryPass(now);
            if (wait != CircuitBreaker.PASSES) {
                fail(new CircuitOpenException(scope.route.getTargetHost(), wait));
                return;
            }
        }
        TokenBucket rate = host.rate;
        if (rate == null) {
            share(host);
            return;
        }
        long wait = rate.reserve(now, host.limits.maxWait().toNanos());
        if (wait == TokenBucket.TOO_LONG) {
            refuse(host, "its rate");
        } else if (wait == 0) {
            share(host);
        } else {
            pause(wait, () -> share(host));
        }
    }

    /** Waits for the rate that is kept elsewhere, if there is one. */
    private void share(HostGuard host) {
        HostRateLimiter limiter = resilience.sharedRate;
        if (limiter == null) {
            admit(host);
            return;
        }
        AtomicBoolean decided = new AtomicBoolean();
        operation.setDependency(() -> {
            if (decided.compareAndSet(false, true)) {
                fail(cancelled());
            }
            return true;
        });
        CompletionStage<?> unused = limiter.acquire(scope.route.getTargetHost().getHostName(), host.limits.maxWait())
                .whenComplete((turn, failure) -> {
                    if (!decided.compareAndSet(false, true)) {
                        return;
                    }
                    if (failure == null) {
                        admit(host);
                    } else {
                        refuse(host, "the rate shared with other machines");
                    }
                });
    }

    private void refuse(HostGuard host, String limit) {
        fail(new HostLimitException(scope.route.getTargetHost(), limit, host.limits.maxWait()));
    }

    private void admit(HostGuard host) {
        InFlightLimit limit = host.inFlight;
        if (limit == null) {
            proceed();
            return;
        }
        AtomicBoolean decided = new AtomicBoolean();
        Runnable whenLetIn = () -> {
            if (decided.compareAndSet(false, true)) {
                admitted = true;
                proceed();
            } else {
                limit.exit();
            }
        };
        if (limit.enter(whenLetIn)) {
            admitted = true;
            proceed();
            return;
        }
        Cancellable timer = resilience.time.schedule(
                () -> {
                    if (decided.compareAndSet(false, true)) {
                        limit.leaveQueue(whenLetIn);
                        refuse(host, "its limit of requests in flight");
                    }
                },
                host.limits.maxWait().toNanos());
        operation.setDependency(() -> {
            timer.cancel();
            if (decided.compareAndSet(false, true)) {
                limit.leaveQueue(whenLetIn);
                fail(cancelled());
            }
            return true;
        });
    }

    private static Exception cancelled() {
        return new InterruptedIOException("The request was cancelled");
    }

    /** Waits without a thread; the operation's end ends the wait. */
    private void pause(long nanos, Runnable then) {
        AtomicBoolean decided = new AtomicBoolean();
        Cancellable timer = resilience.time.schedule(
                () -> {
                    if (decided.compareAndSet(false, true)) {
                        then.run();
                    }
                },
                nanos);
        operation.setDependency(() -> {
            timer.cancel();
            if (decided.compareAndSet(false, true)) {
                fail(cancelled());
            }
            return true;
        });
    }

    // ---- the try

    private void proceed() {
        HostGuard host = guard;
        triedNanos = resilience.time.nanoTime();
        if (isOver() || host == null) {
            leave();
            return;
        }
        operation.phase = OperationPhase.CONNECTING;
        resilience.limits.apply(operation, scope.clientContext, host, triedNanos);
        try {
            chain.proceed(BasicRequestBuilder.copy(request).build(), producer, scope, this);
        } catch (HttpException | IOException | RuntimeException e) {
            failed(e);
        }
    }

    /** The request is being handed to a connection. */
    void sending() {
        sent = true;
        operation.sent = true;
        operation.phase = OperationPhase.WAITING;
    }

    void handedOn() {
        handedOn = true;
    }

    private void leave() {
        HostGuard host = guard;
        if (admitted && host != null && host.inFlight != null) {
            admitted = false;
            host.inFlight.exit();
        }
    }

    @Override
    public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, @Nullable EntityDetails details)
            throws HttpException, IOException {
        if (isOver()) {
            throw new InterruptedIOException("The operation is over");
        }
        operation.phase = OperationPhase.RECEIVING;
        status = response.getCode();
        HostGuard host = guard;
        if (host != null && resilience.limits.isAdaptive()) {
            host.responded(resilience.time.nanoTime() - triedNanos);
        }
        if (resilience.strategy.concerns(status)
                && isRepeatable()
                && resilience.strategy.decide(tally(), request, response, operation.attempts(), scope.clientContext)) {
            retrying = true;
            remember(new HttpStatusException(scope.route.getTargetHost(), status));
            return new DiscardingEntityConsumer<>();
        }
        if (details != null && isRepeatable()) {
            int most = resilience.strategy.settings().heldBody();
            HeldResponse held = HeldResponse.of(response, details, this, callback, most);
            if (held != null) {
                return held;
            }
        }
        handedOn = details != null;
        return callback.handleResponse(response, details);
    }

    private boolean isRepeatable() {
        return producer == null || producer.isRepeatable();
    }

    private RetryTally tally() {
        RetryTally t = tally;
        if (t == null) {
            t = new RetryTally(startNanos);
            tally = t;
        }
        return t;
    }

    @Override
    public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
        callback.handleInformationResponse(response);
    }

    @Override
    public void completed() {
        HostGuard host = guard;
        if (host != null) {
            host.record(status >= SERVER_ERROR ? Outcome.SERVER_ERROR : Outcome.OK, resilience.time.nanoTime());
        }
        leave();
        if (retrying && !isOver()) {
            // not kept while waiting, nor for the next try, which may be better off elsewhere
            scope.execRuntime.releaseEndpoint();
            again();
        } else {
            if (isOver()) {
                scope.execRuntime.releaseEndpoint();
            }
            if (abandon()) {
                callback.completed();
            }
        }
    }

    @Override
    public void failed(Exception cause) {
        HostGuard host = guard;
        FailureKind kind = cause instanceof IOException io ? FailureKind.of(io, sent) : FailureKind.OTHER;
        if (host != null) {
            host.record(outcome(kind), resilience.time.nanoTime());
        }
        leave();
        if (isOver()) {
            scope.execRuntime.discardEndpoint();
            fail(cause);
        } else if (cause instanceof IOException io && mayRetry(io)) {
            scope.execRuntime.discardEndpoint();
            remember(io);
            again();
        } else {
            scope.execRuntime.discardEndpoint();
            fail(giveUp(cause, kind));
        }
    }

    private boolean mayRetry(IOException cause) {
        if (!isRepeatable()) {
            tally().refusal = "its body cannot be produced again";
            return false;
        }
        if (handedOn) {
            tally().refusal = "a part of the response had been handed on";
            return false;
        }
        return !operation.isCancelled()
                && resilience.strategy.decide(tally(), request, cause, sent, operation.attempts(), scope.clientContext);
    }

    private Exception giveUp(Exception cause, FailureKind kind) {
        List<Exception> before = earlier();
        if (cause instanceof IOException io && !before.isEmpty() && !operation.isCancelled()) {
            return new RetriesExhaustedException(
                    request.getMethod() + " to " + scope.route.getTargetHost(), tally().refusal, before, io);
        }
        boolean banned = kind == FailureKind.BANNED && !(cause instanceof ResilienceException);
        return banned ? new AddressBannedException(cause) : cause;
    }

    /** Plans the next try: where the host has no other address to ask by this exit, it leaves by another. */
    private void elsewhere() {
        resilience.retried();
        if (resilience.hasOtherAddress(scope.route) || resilience.isOnBackup()) {
            operation.degraded(resilience.isOnBackup() ? DegradeLevel.BACKUP : DegradeLevel.OTHER_ADDRESS);
            return;
        }
        List<HttpRoute> tried = routes;
        if (tried == null) {
            tried = new ArrayList<>(2);
            routes = tried;
        }
        tried.add(scope.route);
        HttpRoute other = resilience.otherExit(scope.route, tried, scope.clientContext);
        operation.degraded(other == null ? DegradeLevel.OTHER_CONNECTION : DegradeLevel.OTHER_EXIT);
        if (other != null) {
            scope = new AsyncExecChain.Scope(
                    scope.exchangeId,
                    other,
                    scope.originalRequest,
                    scope.cancellableDependency,
                    scope.clientContext,
                    scope.execRuntime,
                    scope.scheduler,
                    scope.execCount);
        }
    }

    private static Outcome outcome(FailureKind kind) {
        return switch (kind) {
            case CONNECT -> Outcome.REFUSED;
            case UNSTABLE -> Outcome.RESET;
            case TLS -> Outcome.TLS_FAILED;
            case NOT_EXECUTED -> Outcome.NOT_EXECUTED;
            case BANNED, BUSY, LEASE, REFUSED_HERE, OTHER -> Outcome.FAILED;
        };
    }

    private void again() {
        AsyncEntityProducer body = producer;
        if (body != null) {
            body.releaseResources();
        }
        scope.execCount.incrementAndGet();
        operation.phase = OperationPhase.BACKING_OFF;
        elsewhere();
        long delay = tally().delayNanos;
        LOG.debug("{} {} {} is tried again in {} ns", scope.exchangeId, request.getMethod(), scope.route, delay);
        pause(delay, this::begin);
    }
}
