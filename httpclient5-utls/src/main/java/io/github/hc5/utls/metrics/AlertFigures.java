package io.github.hc5.utls.metrics;

import io.github.hc5.utls.health.PoolHealth;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.function.ToDoubleFunction;

/** The figures of a pool that alert rules look at, all of one moment. */
final class AlertFigures {

    private static final double NANOS = 1e9;

    private AlertFigures() {}

    static ToDoubleFunction<AlertMetric> of(HotConnectionManager manager) {
        PoolHealth.Report health = manager.health();
        boolean any = health.requests() > 0;
        double max = manager.getMaxTotal();
        return metric -> switch (metric) {
            case SUCCESS_RATE -> any ? health.successShare() : Double.NaN;
            case ERROR_RATE -> any ? 1 - health.successShare() : Double.NaN;
            case ACTIVE_CONNECTIONS -> health.leasedShare();
            case OPEN_CONNECTIONS -> manager.snapshot().open() / max;
            case WAITING_LEASES -> manager.snapshot().waiting();
            case MEAN_RESPONSE_TIME -> any ? health.meanLatency().toNanos() / NANOS : Double.NaN;
            case BANS -> manager.addresses().bans().size();
            case MEMORY -> memoryShare();
        };
    }

    private static double memoryShare() {
        Runtime runtime = Runtime.getRuntime();
        return (double) (runtime.totalMemory() - runtime.freeMemory()) / runtime.maxMemory();
    }
}
