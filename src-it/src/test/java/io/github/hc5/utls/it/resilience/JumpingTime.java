package io.github.hc5.utls.it.resilience;

import io.github.hc5.utls.resilience.WaitScheduler;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.concurrent.Cancellable;

/** The real time, but for long waits, which are noted and jumped over. */
final class JumpingTime implements WaitScheduler {

    private static final long LONG_NANOS = 21_000_000L;

    private final AtomicLong jumped = new AtomicLong();

    /** What was waited, in milliseconds. */
    final List<Long> waits = new CopyOnWriteArrayList<>();

    @Override
    public long nanoTime() {
        return System.nanoTime() + jumped.get();
    }

    @Override
    public Instant instant() {
        return Instant.now().plusNanos(jumped.get());
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
        if (delayNanos <= LONG_NANOS) {
            return WaitScheduler.shared().schedule(task, delayNanos);
        }
        waits.add(delayNanos / 1_000_000);
        jumped.addAndGet(delayNanos);
        return WaitScheduler.shared().schedule(task, 0);
    }
}
