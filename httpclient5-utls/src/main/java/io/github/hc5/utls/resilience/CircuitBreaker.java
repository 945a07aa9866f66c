package io.github.hc5.utls.resilience;

import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.health.OutcomeWindow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Leaves a host alone that fails: closed (all requests pass), open (none does, for a time), half-open (a few do, and what
 * they come to decides). One immutable or self-contained object for each state, in one reference; whoever loses the race to
 * replace it goes by what the winner put there.
 *
 * <p>Thread-safe, without locks.
 */
final class CircuitBreaker {

    /** What {@link #tryPass} returns when the request may be sent. */
    static final long PASSES = -1;

    /** What a breaker does. */
    enum Phase {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private sealed interface State permits Closed, Open, HalfOpen {}

    private record Closed(OutcomeWindow window) implements State {}

    private record Open(long untilNanos) implements State {}

    /** Probes: how many may still begin, how many must still succeed, and when to let others have a go. */
    private record HalfOpen(AtomicInteger mayBegin, AtomicInteger mustSucceed, long staleNanos) implements State {}

    private final BreakerSettings settings;
    private final AtomicReference<State> state;

    CircuitBreaker(BreakerSettings settings, long nowNanos) {
        this.settings = settings;
        this.state = new AtomicReference<>(closed(nowNanos));
    }

    private State closed(long now) {
        return new Closed(new OutcomeWindow(settings.window(), now));
    }

    Phase phase() {
        State s = state.get();
        return s instanceof Closed ? Phase.CLOSED : s instanceof Open ? Phase.OPEN : Phase.HALF_OPEN;
    }

    /** Returns {@link #PASSES}, or after how many nanoseconds it makes sense to ask again; zero: when probes have ended. */
    long tryPass(long now) {
        for (; ; ) {
            State s = state.get();
            if (s instanceof Closed) {
                return PASSES;
            }
            if (s instanceof Open open) {
                if (now - open.untilNanos < 0) {
                    return open.untilNanos - now;
                }
                state.compareAndSet(s, halfOpen(now));
            } else if (s instanceof HalfOpen half) {
                if (half.mayBegin.getAndDecrement() > 0) {
                    return PASSES;
                }
                half.mayBegin.incrementAndGet();
                if (now - half.staleNanos < 0) {
                    return 0;
                }
                // probes that never ended, because they were cancelled, must not keep the host shut for ever
                state.compareAndSet(s, halfOpen(now));
            }
        }
    }

    private State halfOpen(long now) {
        return new HalfOpen(
                new AtomicInteger(settings.probes()),
                new AtomicInteger(settings.probes()),
                now + settings.openTime().toNanos());
    }

    /** Takes in what a request came to that had passed. */
    void record(Outcome outcome, long now) {
        if (!outcome.isTelling()) {
            return;
        }
        State s = state.get();
        if (s instanceof Closed closed) {
            closed.window.record(outcome, 0, now);
            if (outcome.isFailure()) {
                OutcomeWindow.Summary summary = closed.window.summary(now);
                if (summary.requests() >= settings.minRequests()
                        && summary.failures() >= settings.failureShare() * summary.requests()) {
                    state.compareAndSet(s, open(now));
                }
            }
        } else if (s instanceof HalfOpen half) {
            if (outcome.isFailure()) {
                state.compareAndSet(s, open(now));
            } else if (half.mustSucceed.decrementAndGet() <= 0) {
                state.compareAndSet(s, closed(now));
            }
        }
    }

    private State open(long now) {
        return new Open(now + settings.openTime().toNanos());
    }
}
