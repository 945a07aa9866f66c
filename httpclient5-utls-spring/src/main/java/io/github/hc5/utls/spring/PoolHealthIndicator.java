package io.github.hc5.utls.spring;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.health.HealthState;
import io.github.hc5.utls.health.PoolHealth;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of one pool: UP while it is healthy, UP with the detail {@code OVERLOAD} while it is busy beyond its limits,
 * DOWN while it is unhealthy. Details are its hosts and the bans in force.
 */
final class PoolHealthIndicator extends AbstractHealthIndicator {

    private final UtlsPool pool;

    PoolHealthIndicator(UtlsPool pool) {
        super("the pool cannot be asked");
        this.pool = pool;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        PoolHealth.Report worst = null;
        Map<String, Object> hosts = new LinkedHashMap<>();
        List<Map<String, Object>> bans = new ArrayList<>();
        for (HotConnectionManager manager : pool.managers()) {
            PoolHealth.Report report = manager.health();
            worst = worst == null || report.state().compareTo(worst.state()) > 0 ? report : worst;
            hosts.putAll(PoolPictures.hosts(manager));
            for (Ban ban : manager.addresses().bans()) {
                bans.add(PoolPictures.ban(ban));
            }
        }
        if (worst == null) {
            health.unknown();
            return;
        }
        (worst.state() == HealthState.UNHEALTHY ? health.down() : health.up())
                .withDetail("state", worst.state().name())
                .withDetail("reason", worst.reason())
                .withDetail("leasedShare", worst.leasedShare())
                .withDetail("successShare", worst.successShare())
                .withDetail("hosts", hosts)
                .withDetail("bans", bans);
    }
}
