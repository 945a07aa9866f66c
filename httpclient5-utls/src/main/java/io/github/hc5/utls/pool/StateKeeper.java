package io.github.hc5.utls.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the state of a pool from time to time and at its end, on a thread of its own, as a {@link StateStore} may block.
 * Nothing is saved before the state of before could be loaded, so that a store that cannot be reached at the start loses
 * nothing. A failure to save is logged and the next interval tries again.
 */
final class StateKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);
    private static final Duration LAST_SAVING = Duration.ofSeconds(5);

    private final StateStore store;
    private final Supplier<PoolState> state;
    private final Consumer<PoolState> restore;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "utls-state");
        thread.setDaemon(true);
        return thread;
    });

    /** Guarded by this. */
    private boolean loaded;

    StateKeeper(StateStore store, Supplier<PoolState> state, Consumer<PoolState> restore) {
        this.store = store;
        this.state = state;
        this.restore = restore;
    }

    /** Loads what there is, on the caller's thread, and saves from now on. */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing comes of it but what is logged
    void start(Duration interval) {
        turn(false);
        worker.scheduleWithFixedDelay(() -> turn(true), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Loads if that has not been done yet, else saves. */
    synchronized void turn(boolean save) {
        try {
            if (!loaded) {
                PoolState before = store.load();
                if (before != null) {
                    restore.accept(before);
                    LOG.info("took over {} facts from {}, saved at {}", before.size(), store, before.savedAt());
                }
                loaded = true;
            }
            if (save) {
                PoolState now = state.get();
                store.save(now);
                LOG.debug("saved {} facts to {}", now.size(), store);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the state of the pool could not be {} {}: {}", loaded ? "saved to" : "loaded from", store, e, e);
        }
    }

    /** Saves a last time and ends; waits for that a few seconds at most. */
    void close() {
        worker.execute(() -> turn(true));
        worker.shutdown();
        try {
            if (!worker.awaitTermination(LAST_SAVING.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("the last state of the pool is still not saved to {}", store);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
