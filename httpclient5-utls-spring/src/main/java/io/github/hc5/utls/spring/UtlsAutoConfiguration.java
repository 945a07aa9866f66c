package io.github.hc5.utls.spring;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.List;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The pools that properties below {@code httpclient5.utls} describe. Backs off where the application has a
 * {@link HotConnectionManager} of its own, which then is the default pool's, or {@link UtlsPools}; left out with
 * {@code httpclient5.utls.enabled=false}.
 */
@AutoConfiguration(after = HttpClientAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "httpclient5.utls.enabled", matchIfMissing = true)
public final class UtlsAutoConfiguration {

    private static final String MANAGER = "utlsConnectionManager";

    @Bean
    @ConditionalOnMissingBean
    UtlsPools utlsPools(
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<HttpClientSettings> httpClientSettings) {
        HttpClientSettings settings = httpClientSettings.getIfAvailable(HttpClientSettings::defaults);
        HotConnectionManager given = givenManager(beans);
        PoolParts parts = given != null
                ? new GivenManager(given, settings)
                : new ConfiguredPoolParts(BrowserProfiles.find(
                        environment.getProperty("httpclient5.utls.fingerprint.profile", "chrome-156")));
        return new UtlsPools(List.of(new UtlsPool(UtlsPools.DEFAULT, parts, settings)));
    }

    /** Where ours has backed off, there is one of the application. */
    private static @Nullable HotConnectionManager givenManager(ConfigurableListableBeanFactory beans) {
        return beans.containsBeanDefinition(MANAGER)
                ? null
                : beans.getBeanProvider(HotConnectionManager.class).getIfUnique();
    }

    @Bean(name = MANAGER, destroyMethod = "")
    @ConditionalOnMissingBean
    HotConnectionManager utlsConnectionManager(UtlsPools pools) {
        return pools.defaultPool().manager();
    }

    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    CloseableHttpAsyncClient utlsAsyncClient(UtlsPools pools) {
        return pools.defaultPool().asyncClient(null);
    }

    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    CloseableHttpClient utlsClassicClient(UtlsPools pools) {
        return pools.defaultPool().classicClient(null);
    }
}
