package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.RouteSnapshot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Names the targets that do not answer. They are no fault of the service, which is UP all the same. */
final class TargetsHealthIndicator extends AbstractHealthIndicator {

    private static final int MAX_NAMED = 100;

    private final HotConnectionManager manager;

    TargetsHealthIndicator(HotConnectionManager manager) {
        super("the pool cannot be asked");
        this.manager = manager;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        Map<String, Object> failing = new TreeMap<>();
        List<RouteSnapshot> routes = manager.snapshot().routes();
        int count = 0;
        for (RouteSnapshot route : routes) {
            HostHealth.Report report = manager.addresses().hostHealth(route.route());
            if (report != null && report.state() != HostHealth.State.WELL) {
                count++;
                if (failing.size() < MAX_NAMED) {
                    failing.put(
                            route.route().getTargetHost().toURI(),
                            Map.of("state", report.state().name(), "reason", report.reason()));
                }
            }
        }
        health.up()
                .withDetail("hosts", routes.size())
                .withDetail("failingCount", count)
                .withDetail("failing", failing);
    }
}
