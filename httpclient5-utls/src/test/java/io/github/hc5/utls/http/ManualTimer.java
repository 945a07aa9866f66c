package io.github.hc5.utls.http;

import java.util.ArrayList;
import java.util.List;

/** A clock that tests move. Safe for use by several threads. */
final class ManualTimer implements Timer {

    private record Task(long atNanos, Runnable action) {}

    // guarded by this
    private final List<Task> tasks = new ArrayList<>();
    private long nowNanos = Long.MAX_VALUE - 5;

    @Override
    public synchronized long nanoTime() {
        return nowNanos;
    }

    @Override
    public synchronized void runAfter(long delayNanos, Runnable task) {
        tasks.add(new Task(nowNanos + delayNanos, task));
    }

    synchronized int pending() {
        return tasks.size();
    }

    void advance(java.time.Duration time) {
        List<Task> due = new ArrayList<>();
        synchronized (this) {
            nowNanos += time.toNanos();
            for (Task task : tasks) {
                if (task.atNanos() - nowNanos <= 0) {
                    due.add(task);
                }
            }
            tasks.removeAll(due);
        }
        due.forEach(task -> task.action().run());
    }
}
