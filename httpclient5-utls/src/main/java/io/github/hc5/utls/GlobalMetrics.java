package io.github.hc5.utls;

import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.metrics.UtlsMetrics;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.micrometer.core.instrument.Metrics;

/** A pool's figures in Micrometer's global registry; apart, so that who wants none needs no library for it. */
final class GlobalMetrics {

    private GlobalMetrics() {}

    /** Binds a pool; returns what ends that. */
    static Runnable bind(HotConnectionManager manager, MetricsSettings settings) {
        UtlsMetrics metrics = new UtlsMetrics(manager, settings);
        metrics.bindTo(Metrics.globalRegistry);
        return metrics::close;
    }
}
