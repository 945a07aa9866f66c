package io.github.hc5.utls.pool;

import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.hc.core5.concurrent.Cancellable;

/** A clock that tests move, and the timer that follows it. */
final class FakeTime implements LongSupplier, PoolTimer {

    private record Task(long at, long order, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final AtomicLong orders = new AtomicLong();
    private long now = 1_000_000_000L;

    @Override
    public long getAsLong() {
        return now;
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
        Task scheduled = new Task(now + Math.max(0, delayNanos), orders.incrementAndGet(), task);
        tasks.add(scheduled);
        return () -> tasks.remove(scheduled);
    }

    /** Moves the clock, running what comes due on the way in its order. */
    void advance(long nanos) {
        long target = now + nanos;
        for (Task next = tasks.peek(); next != null && next.at <= target; next = tasks.peek()) {
            tasks.remove();
            now = Math.max(now, next.at);
            next.action.run();
        }
        now = target;
    }

    int pendingTasks() {
        return tasks.size();
    }
}
