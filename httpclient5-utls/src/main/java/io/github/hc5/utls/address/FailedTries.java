package io.github.hc5.utls.address;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a while on which addresses an exchange has failed, by the id of its leases, which stays the same when
 * HttpClient tries it again. Bounded in size. Thread-safe; where nothing has failed lately, asking costs one read.
 */
public final class FailedTries {

    private static final Duration MEMORY = Duration.ofMinutes(2);
    private static final int MOST = 10_000;

    private final LongSupplier clock;
    private final Cache<String, List<InetSocketAddress>> byLease;
    private volatile boolean any;
    private volatile long lastNanos;

    /** @param clock as {@link System#nanoTime()} */
    public FailedTries(LongSupplier clock) {
        this.clock = clock;
        this.byLease = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(MEMORY)
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** An exchange leased under this id has failed on the address; {@code null}: nobody will ask. */
    public void add(@Nullable String leaseId, InetSocketAddress address) {
        if (leaseId == null) {
            return;
        }
        byLease.asMap().compute(leaseId, (id, before) -> {
            List<InetSocketAddress> after = new ArrayList<>(before != null ? before : List.of());
            if (!after.contains(address)) {
                after.add(address);
            }
            return List.copyOf(after);
        });
        lastNanos = clock.getAsLong();
        any = true;
    }

    /** Returns the addresses on which the exchange has failed; usually none. */
    public List<InetSocketAddress> of(@Nullable String leaseId, long now) {
        if (!any || leaseId == null || now - lastNanos > MEMORY.toNanos()) {
            return List.of();
        }
        List<InetSocketAddress> addresses = byLease.getIfPresent(leaseId);
        return addresses != null ? addresses : List.of();
    }

    /** How many exchanges are remembered. */
    public long size() {
        byLease.cleanUp();
        return byLease.estimatedSize();
    }
}
