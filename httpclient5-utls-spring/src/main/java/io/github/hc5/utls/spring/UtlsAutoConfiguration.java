package io.github.hc5.utls.spring;

import io.github.hc5.utls.metrics.AlertAction;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * The pools that properties below {@code httpclient5.utls} describe. Backs off where the application has a
 * {@link HotConnectionManager} of its own, which then is the default pool's, or {@link UtlsPools}; left out with
 * {@code httpclient5.utls.enabled=false}.
 */
@AutoConfiguration(after = HttpClientAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "httpclient5.utls.enabled", matchIfMissing = true)
@Import(NamedPools.Registrar.class)
public final class UtlsAutoConfiguration {

    private static final String MANAGER = "utlsConnectionManager";

    @Bean
    @ConditionalOnMissingBean
    UtlsPools utlsPools(
            Environment environment,
            ResourceLoader resources,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<HttpClientSettings> httpClientSettings) {
        HttpClientSettings settings = httpClientSettings.getIfAvailable(HttpClientSettings::defaults);
        PoolProperties properties = PoolProperties.of(environment);
        HotConnectionManager given = givenManager(beans);
        AlertActions actions = new AlertActions(beans);
        Map<String, PoolParts> parts = new LinkedHashMap<>();
        for (String name : properties.names()) {
            parts.put(
                    name,
                    given != null && name.equals(UtlsPools.DEFAULT)
                            ? new GivenManager(given, settings)
                            : configured(name, properties.load(name, resources), actions.of(name)));
        }
        return opened(parts, settings);
    }

    /** Opens all pools, or leaves none open. */
    static UtlsPools opened(Map<String, PoolParts> parts, HttpClientSettings settings) {
        List<UtlsPool> pools = new ArrayList<>();
        try {
            parts.forEach((name, made) -> pools.add(new UtlsPool(name, made, settings)));
        } catch (RuntimeException e) {
            pools.forEach(UtlsPool::close);
            throw e;
        }
        return new UtlsPools(pools);
    }

    private static PoolParts configured(String pool, PoolProperties.Loaded loaded, Map<String, AlertAction> actions) {
        AlertActions.check(pool, loaded.config().alerts(), actions);
        return new ConfiguredPoolParts(loaded.config(), loaded.loader(), actions);
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

    @Bean
    NamedPools utlsNamedPools(UtlsPools pools) {
        return new NamedPools(pools);
    }

    @Bean
    @ConditionalOnMissingBean
    PrewarmRunner utlsPrewarmRunner(UtlsPools pools) {
        return new PrewarmRunner(pools);
    }
}
