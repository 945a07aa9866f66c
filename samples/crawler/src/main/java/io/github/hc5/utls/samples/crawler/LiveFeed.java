package io.github.hc5.utls.samples.crawler;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Makes one picture a second while somebody looks, once for all who do. Each reader takes the newest when it is ready for
 * one, so that a slow one misses pictures and holds up nobody. Ends its readers before the web server waits for them.
 * Thread-safe.
 */
final class LiveFeed implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<byte[]> history;
    private final Supplier<byte[]> now;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock. */
    private byte @Nullable [] latest;

    /** Guarded by lock. */
    private long version;

    /** Guarded by lock. */
    private int readers;

    /** Guarded by lock. */
    private boolean closed;

    private volatile boolean running;

    LiveFeed(Supplier<byte[]> history, Supplier<byte[]> now) {
        this.history = history;
        this.now = now;
    }

    /** One who looks; used by one thread, and closed by it. */
    final class Reader implements AutoCloseable {

        private long seen;

        private Reader() {
            lock.lock();
            try {
                // a picture from when somebody last looked is not the present
                seen = readers == 0 ? version : -1;
                readers++;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** Returns the past, for the start. */
        byte[] past() {
            return history.get();
        }

        /** Waits for a picture that it has not had; {@code null}: there will be none any more. */
        byte @Nullable [] next() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (!closed && (latest == null || version == seen)) {
                    changed.await();
                }
                seen = version;
                return closed ? null : latest;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                readers--;
            } finally {
                lock.unlock();
            }
        }
    }

    Reader open() {
        return new Reader();
    }

    private void run() {
        try {
            while (awaitTurn()) {
                byte[] picture = null;
                try {
                    picture = now.get();
                } catch (RuntimeException e) {
                    LOG.error("the dashboard's picture failed", e);
                }
                publish(picture);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until somebody looks and a second has passed since the last picture; false: it is over. */
    private boolean awaitTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = PERIOD_NANOS;
            while (!closed && left > 0 && version > 0) {
                left = changed.awaitNanos(left);
            }
            while (!closed && readers == 0) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void publish(byte @Nullable [] picture) {
        lock.lock();
        try {
            if (picture != null) {
                latest = picture;
            }
            version++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        running = true;
        Thread thread = new Thread(this::run, "crawler-live");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
