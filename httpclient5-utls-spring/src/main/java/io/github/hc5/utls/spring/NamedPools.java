package io.github.hc5.utls.spring;

import io.github.hc5.utls.pool.HotConnectionManager;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;

/** Makes the beans of named pools that need nothing but HttpClient. */
final class NamedPools {

    private final UtlsPools pools;

    NamedPools(UtlsPools pools) {
        this.pools = pools;
    }

    UtlsPool pool(String name) {
        return pools.get(name);
    }

    HotConnectionManager manager(String name) {
        return pools.get(name).manager();
    }

    CloseableHttpAsyncClient asyncClient(String name) {
        return pools.get(name).asyncClient(null);
    }

    CloseableHttpClient classicClient(String name) {
        return pools.get(name).classicClient(null);
    }

    /** Registers them. */
    static final class Registrar extends NamedBeans {

        private static final String FACTORY = "utlsNamedPools";

        @Override
        void register(String pool, BeanDefinitionRegistry registry) {
            add(registry, pool, "Pool", UtlsPool.class, FACTORY, "pool");
            add(registry, pool, "ConnectionManager", HotConnectionManager.class, FACTORY, "manager");
            add(registry, pool, "AsyncClient", CloseableHttpAsyncClient.class, FACTORY, "asyncClient");
            add(registry, pool, "ClassicClient", CloseableHttpClient.class, FACTORY, "classicClient");
        }
    }
}
