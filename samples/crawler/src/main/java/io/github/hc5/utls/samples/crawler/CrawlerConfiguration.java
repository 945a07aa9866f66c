package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.spring.UtlsPools;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The service's own parts, on the pool's. */
@Configuration(proxyBeanMethods = false)
class CrawlerConfiguration {

    private static final int MAX_REDIRECTS = 10;

    /** As the pool's guard, and not as its filter, which is the configuration's to change while the service runs. */
    @Bean
    TargetGuard targetGuard(CrawlerSettings settings, HotConnectionManager manager) {
        TargetGuard guard = new TargetGuard(settings.targets());
        manager.addresses().setGuard(guard.addresses());
        return guard;
    }

    /** Callers share the pool and nothing else: no cookies, no credentials. */
    @Bean(destroyMethod = "close")
    CloseableHttpAsyncClient crawlerClient(UtlsPools pools, TargetGuard guard) {
        CloseableHttpAsyncClient client = pools.defaultPool()
                .install(HttpAsyncClients.custom())
                .addExecInterceptorAfter(ChainElement.REDIRECT.name(), "crawler-targets", guard)
                .setDefaultRequestConfig(
                        RequestConfig.custom().setMaxRedirects(MAX_REDIRECTS).build())
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
        client.start();
        return client;
    }

    @Bean
    FetchMeter fetchMeter() {
        return new FetchMeter(System::nanoTime);
    }

    @Bean
    Fetches fetches(
            CrawlerSettings settings,
            TargetGuard guard,
            @Qualifier("crawlerClient") CloseableHttpAsyncClient client,
            FetchMeter meter) {
        return new Fetches(settings, guard, client, meter::record);
    }

    @Bean
    LiveFeed liveFeed(HotConnectionManager manager, Fetches fetches, FetchMeter meter, JsonMapper json) {
        LiveView view = new LiveView(manager, fetches, meter);
        return new LiveFeed(() -> json.writeValueAsBytes(view.history()), () -> json.writeValueAsBytes(view.now()));
    }

    @Bean
    TargetsHealthIndicator targetsHealthIndicator(HotConnectionManager manager) {
        return new TargetsHealthIndicator(manager);
    }

    @Bean
    AccessFilter accessFilter(CrawlerSettings settings, JsonMapper json) {
        return new AccessFilter(settings, json);
    }
}
