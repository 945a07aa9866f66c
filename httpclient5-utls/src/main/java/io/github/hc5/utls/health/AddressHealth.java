package io.github.hc5.utls.health;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How one address of a host fares, as {@link OutlierEjection} sees it. The fields that choosing an address reads are
 * volatile; the others are guarded by the {@code OutlierEjection} it belongs to.
 */
public final class AddressHealth {

    /** Where an address stands. */
    public enum State {
        /** In use. */
        WELL,
        /** Would be out, but as many as may be are out already; in use. */
        UNWELL,
        /** Not in use until its time is up. */
        OUT,
        /** Not in use; its time is up and somebody has been asked to try it. */
        PROBED
    }

    private static final int SMOOTHING = 8;

    private volatile State state = State.WELL;

    /** Dials that failed in a row. */
    final AtomicInteger dialFailures = new AtomicInteger();

    /** Exchanges that failed in a row. */
    final AtomicInteger exchangeFailures = new AtomicInteger();

    /** Lost updates of concurrent writers do no harm: it is a smoothed value. */
    private volatile long latencyNanos;

    /** Whether its last answer had a banned status. */
    private volatile boolean denied;

    /** Guarded by the ejection: how often it was ejected without a success between. */
    int ejections;

    /** Guarded by the ejection: meaningful while out. */
    long outUntilNanos;

    /** Guarded by the ejection: whether a banned status put it where it is. */
    boolean banned;

    public State state() {
        return state;
    }

    void setState(State newState) {
        state = newState;
    }

    /** Whether it is out of use, unless all are to be used. */
    public boolean isOut() {
        State s = state;
        return s == State.OUT || s == State.PROBED;
    }

    public boolean isWell() {
        return state == State.WELL;
    }

    public boolean isDenied() {
        return denied;
    }

    void setDenied(boolean value) {
        denied = value;
    }

    /** The smoothed time of its exchanges, 0 while unknown. */
    public long latencyNanos() {
        return latencyNanos;
    }

    void took(long nanos) {
        long before = latencyNanos;
        latencyNanos = Math.max(1, before == 0 ? nanos : before + (nanos - before) / SMOOTHING);
    }

    /** Whether a success would change anything. */
    boolean isSpotless() {
        return state == State.WELL
                && !denied
                && dialFailures.get() == 0
                && exchangeFailures.get() == 0
                && ejections == 0;
    }
}
