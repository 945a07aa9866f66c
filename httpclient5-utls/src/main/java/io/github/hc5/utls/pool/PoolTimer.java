package io.github.hc5.utls.pool;

import org.apache.hc.core5.concurrent.Cancellable;

/** Runs short tasks later, one at a time, on a thread that does no I/O. */
interface PoolTimer {

    /** Runs the task once after the delay, in nanoseconds; the result calls it off. */
    Cancellable schedule(Runnable task, long delayNanos);
}
