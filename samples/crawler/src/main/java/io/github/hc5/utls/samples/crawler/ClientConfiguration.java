package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.Resilience;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The pool and what protects its requests. */
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

    @Bean
    @ConditionalOnMissingBean
    HotConnectionManager hotConnectionManager() {
        return Utls.connectionManager();
    }

    @Bean
    @ConditionalOnMissingBean
    Resilience resilience(HotConnectionManager manager) {
        return Resilience.builder().manager(manager).build();
    }
}
