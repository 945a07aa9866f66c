package io.github.hc5.utls.resilience;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.hc.core5.concurrent.Cancellable;

/** A time that the test moves; tasks run on the test's thread when their moment has come. */
final class FakeWaits implements WaitScheduler {

    private record Task(long atNanos, long order, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::order));
    private long now = 1_000_000_000L;
    private long order;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant instant() {
        return Instant.parse("2026-11-21T12:00:00Z").plusNanos(now - 1_000_000_000L);
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
        Task added = new Task(now + delayNanos, order++, task);
        tasks.add(added);
        return () -> tasks.remove(added);
    }

    int scheduled() {
        return tasks.size();
    }

    void advanceMillis(long millis) {
        long end = now + millis * 1_000_000;
        for (Task t = tasks.peek(); t != null && t.atNanos() <= end; t = tasks.peek()) {
            tasks.remove(t);
            now = Math.max(now, t.atNanos());
            t.work().run();
        }
        now = end;
    }
}
