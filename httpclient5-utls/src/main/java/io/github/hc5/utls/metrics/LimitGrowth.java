package io.github.hc5.utls.metrics;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The action {@code scale_up}: grows the total limit and that of each route by a factor, up to a ceiling, and once more
 * each time the alert has gone on for its duration. It does not shrink them again.
 */
final class LimitGrowth implements AlertAction {

    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

    private final HotConnectionManager manager;
    private final Supplier<AlertSettings> settings;

    LimitGrowth(HotConnectionManager manager, Supplier<AlertSettings> settings) {
        this.manager = manager;
        this.settings = settings;
    }

    @Override
    public void fired(AlertEvent event) {
        double factor = settings.get().scaleFactor();
        int ceiling = settings.get().scaleCeiling();
        int before = manager.getMaxTotal();
        if (before >= ceiling) {
            LOG.warn(
                    "alert={} action=scale_up max_connections={} is at its ceiling",
                    event.rule().name(),
                    before);
            return;
        }
        int total = grown(before, factor, ceiling);
        manager.setMaxTotal(total);
        manager.setDefaultMaxPerRoute(
                Math.max(manager.getDefaultMaxPerRoute(), grown(manager.getDefaultMaxPerRoute(), factor, total)));
        LOG.warn(
                "alert={} action=scale_up max_connections={} before={} ceiling={}",
                event.rule().name(),
                total,
                before,
                ceiling);
    }

    private static int grown(int limit, double factor, int ceiling) {
        return (int) Math.min(ceiling, Math.ceil(limit * factor));
    }

    @Override
    public void goesOn(AlertEvent event) {
        fired(event);
    }
}
