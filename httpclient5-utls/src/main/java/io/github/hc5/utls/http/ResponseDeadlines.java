package io.github.hc5.utls.http;

import java.lang.ref.WeakReference;

/**
 * Wakes a connection when the nearest of its exchanges' deadlines passes. One timer is pending for each connection, not
 * one for each exchange: a deadline later than the pending one costs nothing, because the connection looks through all of
 * its exchanges when it is woken and names the next. Safe for use by several threads.
 */
final class ResponseDeadlines {

    private final Timer timer;
    private final WeakReference<Runnable> wake;
    private volatile boolean passed;

    // guarded by this
    private boolean isPending;
    private long pendingNanos;

    /**
     * @param timer the time
     * @param wake is not kept alive by the pending timer
     */
    ResponseDeadlines(Timer timer, Runnable wake) {
        this.timer = timer;
        this.wake = new WeakReference<>(wake);
    }

    /** Sees to it that the connection is woken at this time or before. */
    void watch(long deadlineNanos) {
        synchronized (this) {
            if (isPending && deadlineNanos - pendingNanos >= 0) {
                return;
            }
            isPending = true;
            pendingNanos = deadlineNanos;
        }
        timer.runAfter(Math.max(deadlineNanos - timer.nanoTime(), 0), this::passed);
    }

    /** Returns whether a deadline has passed since the last call; then {@link #watch} is to be told the next. */
    boolean poll() {
        if (!passed) {
            return false;
        }
        passed = false;
        synchronized (this) {
            isPending = false;
        }
        return true;
    }

    boolean hasPassed() {
        return passed;
    }

    private void passed() {
        passed = true;
        Runnable target = wake.get();
        if (target != null) {
            target.run();
        }
    }
}
