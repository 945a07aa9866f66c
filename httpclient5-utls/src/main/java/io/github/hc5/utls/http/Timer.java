package io.github.hc5.utls.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The time as the connections see it, so that tests can move it. Safe for use by several threads. */
interface Timer {

    /** Returns the time in nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Runs a task that does not block once this time has passed. */
    void runAfter(long delayNanos, Runnable task);

    /** The system's clock, and the one timer thread that the JDK keeps for all of its users. */
    Timer SYSTEM = new Timer() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void runAfter(long delayNanos, Runnable task) {
            CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(task);
        }
    };
}
