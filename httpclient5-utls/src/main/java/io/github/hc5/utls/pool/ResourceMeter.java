package io.github.hc5.utls.pool;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is used at most once a second, by the real time, since asking the platform costs more than all else in a picture
 * of a pool. Thread-safe: two who ask at the same moment may both read.
 */
final class ResourceMeter {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Reading(ResourceUse use, long nanos) {}

    private final Supplier<List<Thread>> threads;
    private volatile @Nullable Reading last;

    ResourceMeter(Supplier<List<Thread>> threads) {
        this.threads = threads;
    }

    ResourceUse read() {
        Reading reading = last;
        long now = System.nanoTime();
        if (reading == null || now - reading.nanos() >= FRESH_NANOS) {
            reading = new Reading(ResourceUse.of(threads.get()), now);
            last = reading;
        }
        return reading.use();
    }
}
