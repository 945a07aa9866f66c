package io.github.hc5.utls.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * The health of the pools: one contributor, or one for each pool where there are several. Left out with
 * {@code management.health.hotpool.enabled=false}.
 */
@AutoConfiguration(after = UtlsAutoConfiguration.class, before = HealthContributorAutoConfiguration.class)
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(UtlsPools.class)
@ConditionalOnEnabledHealthIndicator("hotpool")
public final class UtlsHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "hotpoolHealthContributor")
    HealthContributor hotpoolHealthContributor(UtlsPools pools) {
        if (pools.names().size() == 1) {
            return new PoolHealthIndicator(pools.defaultPool());
        }
        Map<String, HealthContributor> all = new LinkedHashMap<>();
        pools.all().forEach(pool -> all.put(pool.name(), new PoolHealthIndicator(pool)));
        return CompositeHealthContributor.fromMap(all);
    }
}
