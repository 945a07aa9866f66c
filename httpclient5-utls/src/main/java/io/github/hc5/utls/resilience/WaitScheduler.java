package io.github.hc5.utls.resilience;

import java.time.Instant;
import org.apache.hc.core5.concurrent.Cancellable;

/**
 * The time, and waiting without a thread. All waits of this package go through one, so that a test can move the time.
 * Implementations are safe for use by several threads.
 */
public interface WaitScheduler {

    /** Returns the one that all clients share unless they are given another; it keeps the real time. */
    static WaitScheduler shared() {
        return WaitThread.SHARED;
    }

    /** The time that durations are measured with, as {@link System#nanoTime()}. */
    long nanoTime();

    /** The wall clock's time. */
    Instant instant();

    /**
     * Runs a short task that does not block once the delay has passed.
     *
     * @param delayNanos not negative
     * @return calls the task off if it has not begun
     */
    Cancellable schedule(Runnable task, long delayNanos);
}
