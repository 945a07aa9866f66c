package io.github.hc5.utls.spring;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The meters of the pools, where there is a registry: Boot binds them to the one or to each. */
@AutoConfiguration(
        after = UtlsAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({MeterRegistry.class, UtlsPools.class})
public final class UtlsMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    PoolMeters utlsPoolMeters(UtlsPools pools) {
        return new PoolMeters(pools);
    }
}
