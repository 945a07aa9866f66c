package io.github.hc5.utls.pool;

import java.time.Duration;
import org.apache.hc.core5.concurrent.Cancellable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the limits of a pool with its load, as {@link SizeSteps} say, on the pool's timer. The limit of each route grows in
 * proportion to the total, and is never below that of the settings. The total never falls below what is reserved.
 * Thread-safe.
 */
final class AutoSizing {

    private static final Logger LOG = LoggerFactory.getLogger(HotConnectionManager.class);

    private final HotConnectionManager manager;

    /** Guarded by this. */
    private SizingSettings settings = SizingSettings.defaults();

    /** Guarded by this. */
    private SizeSteps steps = new SizeSteps();

    /** Guarded by this. */
    private @Nullable Cancellable scheduled;

    AutoSizing(HotConnectionManager manager) {
        this.manager = manager;
    }

    synchronized SizingSettings settings() {
        return settings;
    }

    /** Begins, goes on with other settings, or ends; the limits then stay where they are. */
    void setSettings(SizingSettings newSettings) {
        boolean begins;
        synchronized (this) {
            begins = newSettings.enabled() && !settings.enabled();
            settings = newSettings;
            steps = new SizeSteps();
            Cancellable before = scheduled;
            if (before != null) {
                before.cancel();
                scheduled = null;
            }
        }
        if (newSettings.enabled()) {
            int expected = newSettings.expectedConcurrency();
            int limit = manager.getMaxTotal();
            set(
                    begins && expected > 0 ? PoolSettings.sizeFor(expected, newSettings.expectedResponseTime()) : limit,
                    newSettings);
            schedule(newSettings);
        }
    }

    private void schedule(SizingSettings of) {
        synchronized (this) {
            if (settings.equals(of) && !manager.isClosed()) {
                scheduled = manager.timer.schedule(this::look, of.interval().toNanos());
            }
        }
    }

    private void look() {
        if (manager.isClosed()) {
            return;
        }
        SizingSettings current;
        int next;
        int waiting =
                manager.pools.values().stream().mapToInt(HostPool::waiting).sum();
        Duration mean = manager.health().meanLatency();
        synchronized (this) {
            current = settings;
            next = steps.next(manager.getMaxTotal(), manager.addresses().leased() + waiting, mean, current);
        }
        if (current.enabled()) {
            try {
                set(next, current);
            } finally {
                schedule(current);
            }
        }
    }

    private void set(int wanted, SizingSettings of) {
        int reserved = manager.hostLimits().reserves().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        int total = Math.max(reserved, Math.max(of.base(), Math.min(of.ceiling(), wanted)));
        int before = manager.getMaxTotal();
        if (total == before) {
            return;
        }
        PoolSettings configured = manager.settings();
        long perRoute = (long) configured.maxPerRoute() * total / configured.maxTotal();
        manager.setMaxTotal(total);
        manager.setDefaultMaxPerRoute((int) Math.max(configured.maxPerRoute(), Math.min(total, perRoute)));
        LOG.info("the load has moved max_connections from {} to {}", before, total);
    }
}
