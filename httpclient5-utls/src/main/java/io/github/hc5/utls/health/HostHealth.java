package io.github.hc5.utls.health;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How one host fares, whichever of its addresses is asked: its success rate and latency over a sliding window, and
 * whether it has failed, that is, whether so many exchanges and dials in a row have. A failed host is due for recovery
 * after a while; it has recovered with the next success. Thread-safe; a success takes no lock.
 */
public final class HostHealth {

    /** Whether a host answers. */
    public enum State {
        WELL,
        FAILED,
        /** Failed, and being discovered anew. */
        RECOVERING
    }

    /**
     * A picture of a host's health.
     *
     * @param reason why it is in that state, in words
     */
    public record Report(
            State state,
            int requests,
            double successShare,
            Duration meanLatency,
            int consecutiveFailures,
            String reason) {}

    private final HealthSettings settings;
    private final OutcomeWindow window;
    private final AtomicInteger failures = new AtomicInteger();

    /** Written under this. */
    private volatile State state = State.WELL;

    /** Guarded by this. */
    private long recoverAtNanos;

    public HostHealth(HealthSettings settings, long nowNanos) {
        this.settings = settings;
        this.window = new OutcomeWindow(settings.window(), nowNanos);
    }

    /**
     * Takes in what an exchange or a dial came to. An answer of any status shows that the host is there.
     *
     * @return whether the state has changed
     */
    public boolean record(Outcome outcome, long elapsedNanos, long nowNanos) {
        window.record(outcome, elapsedNanos, nowNanos);
        if (!outcome.isTelling()) {
            return false;
        }
        if (!outcome.isFailure() || outcome == Outcome.BANNED_STATUS || outcome == Outcome.SERVER_ERROR) {
            if (failures.get() != 0) {
                failures.set(0);
            }
            return state != State.WELL && become(State.WELL, nowNanos);
        }
        return failures.incrementAndGet() >= settings.hostFailures()
                && state != State.FAILED
                && become(State.FAILED, nowNanos);
    }

    private synchronized boolean become(State next, long nowNanos) {
        boolean changed = (state == State.WELL) != (next == State.WELL);
        if (state == next) {
            return false;
        }
        state = next;
        recoverAtNanos = nowNanos + settings.recoveryTime().toNanos();
        return changed;
    }

    /** Whether the host is to be discovered anew now; true once for each time. */
    public synchronized boolean takeRecovery(long nowNanos) {
        if (state != State.FAILED || nowNanos - recoverAtNanos < 0) {
            return false;
        }
        state = State.RECOVERING;
        return true;
    }

    /** The attempt to discover it failed: the next one comes after the recovery time. */
    public synchronized void recoveryFailed(long nowNanos) {
        if (state == State.RECOVERING) {
            state = State.FAILED;
            recoverAtNanos = nowNanos + settings.recoveryTime().toNanos();
        }
    }

    /** It has been discovered anew. */
    public synchronized void recovered() {
        failures.set(0);
        state = State.WELL;
    }

    /** When recovery is due, {@code never} if it is not. */
    public synchronized long recoveryDue(long never) {
        return state == State.FAILED ? recoverAtNanos : never;
    }

    public State state() {
        return state;
    }

    /** Returns a picture of the health now. */
    public Report report(long nowNanos) {
        OutcomeWindow.Summary summary = window.summary(nowNanos);
        State now = state;
        int inARow = failures.get();
        String reason = switch (now) {
            case WELL -> "answers";
            case FAILED -> inARow + " failures in a row";
            case RECOVERING -> inARow + " failures in a row, being discovered anew";
        };
        return new Report(now, summary.requests(), summary.successShare(), summary.meanLatency(), inARow, reason);
    }
}
