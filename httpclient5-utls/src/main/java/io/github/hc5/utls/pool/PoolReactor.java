package io.github.hc5.utls.pool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The I/O reactor and every other thread of a pool: made with the first dial, ended by {@link #shutDown}. Knows its
 * threads, so that closing can wait for them and can tell when it is called on one of them.
 */
final class PoolReactor {

    private static final Logger LOG = LoggerFactory.getLogger(PoolReactor.class);
    private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(5);

    private final Function<ThreadFactory, DefaultConnectingIOReactor> create;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Runnable> closing = new CopyOnWriteArrayList<>();
    private final @Nullable ThreadFactory base;

    /** Guarded by this for writing. */
    private volatile @Nullable DefaultConnectingIOReactor reactor;

    /** Guarded by this. */
    private boolean closed;

    /** @param base makes the threads; {@code null}: daemon threads */
    PoolReactor(@Nullable ThreadFactory base, Function<ThreadFactory, DefaultConnectingIOReactor> create) {
        this.base = base;
        this.create = create;
    }

    /** Makes threads of this name that {@link #shutDown} waits for. */
    ThreadFactory threads(String name) {
        AtomicInteger counter = new AtomicInteger();
        return task -> {
            Thread thread;
            if (base != null) {
                thread = base.newThread(task);
            } else {
                thread = new Thread(task, name + "-" + counter.incrementAndGet());
                thread.setDaemon(true);
            }
            threads.removeIf(t -> t.getState() == Thread.State.TERMINATED);
            threads.add(thread);
            return thread;
        };
    }

    List<Thread> threads() {
        return List.copyOf(threads);
    }

    /** Has the action run by {@link #shutDown} once the reactor has ended. */
    void onShutDown(Runnable action) {
        closing.add(action);
    }

    /**
     * Returns the running reactor.
     *
     * @throws IllegalStateException if it was shut down
     */
    ConnectionInitiator running() {
        DefaultConnectingIOReactor current = reactor;
        if (current != null) {
            return current;
        }
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("Connection pool shut down");
            }
            current = reactor;
            if (current == null) {
                current = create.apply(threads("utls-io"));
                current.start();
                reactor = current;
            }
            return current;
        }
    }

    /**
     * Runs {@code await}, then {@code abort}, then ends the threads and waits for them; on another thread if the caller
     * is one of them.
     */
    void shutDown(Runnable await, Runnable abort) {
        if (threads.contains(Thread.currentThread())) {
            Thread closer = new Thread(() -> end(await, abort), "utls-close");
            closer.setDaemon(true);
            closer.start();
        } else {
            end(await, abort);
        }
    }

    private void end(Runnable await, Runnable abort) {
        await.run();
        DefaultConnectingIOReactor current;
        synchronized (this) {
            closed = true;
            current = reactor;
        }
        abort.run();
        closing.forEach(Runnable::run);
        try {
            if (current != null) {
                // its sessions are closed, so it ends by itself; closing it at once would pull the selectors from under
                // threads that are still telling handlers of the end
                current.initiateShutdown();
                current.awaitShutdown(TimeValue.ofMilliseconds(JOIN_MILLIS));
                current.close(CloseMode.IMMEDIATE);
            }
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_MILLIS);
            for (Thread thread : threads) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (thread != Thread.currentThread() && thread.getState() != Thread.State.NEW) {
                    thread.join(Math.max(1, left));
                    if (thread.isAlive()) {
                        LOG.warn("{} has not ended within {} ms", thread.getName(), JOIN_MILLIS);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
