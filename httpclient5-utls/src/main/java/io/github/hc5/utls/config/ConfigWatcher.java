package io.github.hc5.utls.config;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of a configuration now and then and takes over what has changed: all layers are read and checked anew
 * and handed over whole, or, where anything is wrong, reported and not handed over at all. What counts is the content of the
 * files: an editor that replaces a file and a mounted one whose link is turned are seen alike, and a file that is still being
 * written is reported once and read again when it is whole. Thread-safe.
 */
public final class ConfigWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);

    private final ConfigLoader loader;
    private final Consumer<UtlsConfig> taker;
    private final @Nullable ScheduledThreadPoolExecutor timer;

    /** What the files held when they were last read. Guarded by this. */
    private List<String> seen;

    private ConfigWatcher(ConfigLoader loader, UtlsConfig current, Duration interval, Consumer<UtlsConfig> taker) {
        this.loader = loader;
        this.taker = taker;
        this.seen = current.contents();
        this.timer = interval.isZero() || loader.files().isEmpty() ? null : timer(interval);
    }

    /**
     * Begins to look.
     *
     * @param loader with which the configuration in force was loaded
     * @param current the configuration in force
     * @param interval between two looks; zero: only when {@link #look} is called
     * @param taker is handed each changed configuration, on the watcher's thread; what it throws is logged
     */
    public static ConfigWatcher start(
            ConfigLoader loader, UtlsConfig current, Duration interval, Consumer<UtlsConfig> taker) {
        return new ConfigWatcher(loader, current, interval, taker);
    }

    private ScheduledThreadPoolExecutor timer(Duration interval) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "utls-config");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = executor.scheduleWithFixedDelay(
                this::look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return executor;
    }

    /** Looks now; returns whether a changed configuration was handed over. */
    public synchronized boolean look() {
        try {
            List<String> now = loader.contents();
            if (now.equals(seen)) {
                return false;
            }
            seen = now;
            taker.accept(loader.load());
            return true;
        } catch (ConfigException e) {
            LOG.error("the changed configuration is wrong, the one before stays in force:\n{}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the changed configuration could not be taken over", e);
        }
        return false;
    }

    /** Looks no more. */
    @Override
    public void close() {
        if (timer != null) {
            timer.shutdown();
        }
    }
}
