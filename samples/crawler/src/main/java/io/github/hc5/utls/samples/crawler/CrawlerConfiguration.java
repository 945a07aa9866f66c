package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.Resilience;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service's own parts, on the pool's. */
@Configuration(proxyBeanMethods = false)
class CrawlerConfiguration {

    private static final int MAX_REDIRECTS = 10;

    @Bean
    TargetGuard targetGuard(CrawlerSettings settings, HotConnectionManager manager) {
        TargetGuard guard = new TargetGuard(settings.targets());
        manager.addresses().setFilter(guard.addresses());
        return guard;
    }

    /** Callers share the pool and nothing else: no cookies, no credentials. */
    @Bean(destroyMethod = "close")
    CloseableHttpAsyncClient crawlerClient(HotConnectionManager manager, Resilience resilience, TargetGuard guard) {
        CloseableHttpAsyncClient client = resilience
                .install(HttpAsyncClients.custom().setConnectionManager(manager))
                .addExecInterceptorAfter(ChainElement.REDIRECT.name(), "crawler-targets", guard)
                .setDefaultRequestConfig(
                        RequestConfig.custom().setMaxRedirects(MAX_REDIRECTS).build())
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
        client.start();
        return client;
    }

    @Bean
    Fetches fetches(CrawlerSettings settings, TargetGuard guard, CloseableHttpAsyncClient client) {
        return new Fetches(settings, guard, client, result -> {});
    }
}
