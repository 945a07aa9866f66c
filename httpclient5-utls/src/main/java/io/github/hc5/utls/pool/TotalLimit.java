package io.github.hc5.utls.pool;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The number of connections over all routes, and the routes that wait for it to fall.
 *
 * <p>A slot is taken under the lock of a {@link HostPool} by compare-and-set. A route that finds none registers here and
 * looks once more; a slot is given back first and the queue read after that. Either the route sees the slot or the
 * giver sees the route, so no waiter is forgotten. Routes are woken in the order in which they registered, outside every
 * lock.
 */
final class TotalLimit {

    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentLinkedQueue<HostPool> starved = new ConcurrentLinkedQueue<>();
    private volatile int max;
    private volatile boolean awaited;

    TotalLimit(int max) {
        this.max = max;
    }

    int max() {
        return max;
    }

    int open() {
        return open.get();
    }

    void setMax(int newMax) {
        max = newMax;
        wake();
    }

    boolean isExceeded() {
        return open.get() > max;
    }

    boolean tryAcquire() {
        for (; ; ) {
            int n = open.get();
            if (n >= max) {
                return false;
            }
            if (open.compareAndSet(n, n + 1)) {
                return true;
            }
        }
    }

    /** Gives a slot back; {@link #wake()} must follow outside the lock. */
    void release() {
        if (open.decrementAndGet() == 0 && awaited) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Waits until no connection is open, at most for this long. */
    void awaitNone(long nanos) {
        awaited = true;
        long deadline = System.nanoTime() + nanos;
        synchronized (this) {
            try {
                for (long left = nanos; open.get() > 0 && left > 0; left = deadline - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Registers a route that waits for a slot. Called outside its lock. */
    void starve(HostPool pool) {
        if (pool.starved.compareAndSet(false, true)) {
            starved.add(pool);
        }
        wake();
    }

    /** Lets starved routes try while there is a free slot. */
    void wake() {
        while (open.get() < max) {
            HostPool pool = starved.poll();
            if (pool == null) {
                return;
            }
            pool.starved.set(false);
            pool.serve();
        }
    }
}
