package io.github.hc5.utls.pool;

import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;

/**
 * Changes the limits of a running pool. What is too much is trimmed first, then those are let in who waited. The monitor
 * is held while values are stored, so that reserves always fit the total; no pool is called under it.
 */
final class PoolLimits {

    private final PoolContext context;
    private final Map<HttpRoute, HostPool> pools;

    PoolLimits(PoolContext context, Map<HttpRoute, HostPool> pools) {
        this.context = context;
        this.pools = pools;
    }

    void setMaxTotal(int max) {
        synchronized (this) {
            context.hostLimits().checkWithin(max);
            context.total.setLimits(max, context.hostLimits().reserves());
        }
        changed();
    }

    void setDefaultMaxPerRoute(int max) {
        context.setDefaultMaxPerRoute(max);
        changed();
    }

    void setMaxIdle(int max) {
        context.setMaxIdle(max);
        changed();
    }

    void setHostLimits(HostLimits limits) {
        synchronized (this) {
            limits.checkWithin(context.total.max());
            replace(context.total.max(), limits);
        }
        adopt();
        changed();
    }

    void setSettings(PoolSettings settings, HostLimits limits) {
        synchronized (this) {
            store(settings, settings.maxTotal(), settings.maxPerRoute(), settings.maxIdle(), limits);
        }
        settingsChanged();
    }

    void changeSettings(PoolSettings before, PoolSettings next, HostLimits limits) {
        synchronized (this) {
            store(
                    context.settings().changed(before, next),
                    PoolSettings.pick(before.maxTotal(), next.maxTotal(), context.total.max()),
                    PoolSettings.pick(before.maxPerRoute(), next.maxPerRoute(), context.defaultMaxPerRoute()),
                    PoolSettings.pick(before.maxIdle(), next.maxIdle(), context.maxIdle()),
                    limits);
        }
        settingsChanged();
    }

    private void store(PoolSettings settings, int maxTotal, int maxPerRoute, int maxIdle, HostLimits limits) {
        limits.checkWithin(maxTotal);
        context.setSettings(settings);
        context.setDefaultMaxPerRoute(maxPerRoute);
        context.setMaxIdle(maxIdle);
        replace(maxTotal, limits);
    }

    private void settingsChanged() {
        adopt();
        pools.values().forEach(HostPool::settingsChanged);
        context.total.wake();
    }

    private void replace(int maxTotal, HostLimits limits) {
        context.total.moving();
        context.total.setLimits(maxTotal, limits.reserves());
        context.setHostLimits(limits);
    }

    /** Has every route draw on its new share before any of them takes a slot. */
    private void adopt() {
        try {
            pools.values().forEach(HostPool::adoptLimits);
        } finally {
            context.total.moved();
        }
    }

    private void changed() {
        pools.values().forEach(HostPool::limitsChanged);
        context.total.wake();
    }
}
