package io.github.hc5.utls.spring;

import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.metrics.UtlsMetrics;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of all pools. The tag {@code httpclient} is the name that the settings of its meters give, else {@code utls}
 * for the default pool and the name of any other; the managers that a pool has besides its own, for other SSL bundles or
 * filters, are numbered. Thread-safe.
 */
final class PoolMeters implements MeterBinder {

    private static final String DEFAULT_TAG = "utls";

    private final UtlsPools pools;

    PoolMeters(UtlsPools pools) {
        this.pools = pools;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (UtlsPool pool : pools.all()) {
            String own = pool.meters().name();
            String name = !own.equals(DEFAULT_TAG) || pool.name().equals(UtlsPools.DEFAULT) ? own : pool.name();
            AtomicInteger number = new AtomicInteger();
            pool.onManager(manager -> bind(manager, pool.meters(), name, number.incrementAndGet(), registry));
        }
    }

    private static void bind(
            HotConnectionManager manager, MetricsSettings settings, String name, int number, MeterRegistry registry) {
        String tag = number == 1 ? name : name + "-" + number;
        // the registry closes its meters with the context
        new UtlsMetrics(manager, settings.toBuilder().name(tag).build()).bindTo(registry);
    }
}
