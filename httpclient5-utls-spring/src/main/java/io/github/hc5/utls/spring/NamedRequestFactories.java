package io.github.hc5.utls.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;

/** Makes the blocking clients of named pools, as Boot or the application has configured those of the default pool. */
final class NamedRequestFactories {

    private static final String BOOT_CLIENTS = "org.springframework.boot.restclient.RestTemplateBuilder";

    private final UtlsPools pools;

    NamedRequestFactories(UtlsPools pools) {
        this.pools = pools;
    }

    ClientHttpRequestFactoryBuilder<?> requestFactoryBuilder(String pool) {
        return new UtlsClientHttpRequestFactoryBuilder(pools.get(pool));
    }

    /** Makes what needs Boot's module for blocking clients besides. */
    static final class Clients {

        private final UtlsPools pools;
        private final ObjectProvider<RestClient.Builder> restClients;
        private final ObjectProvider<RestTemplateBuilder> restTemplates;

        Clients(
                UtlsPools pools,
                ObjectProvider<RestClient.Builder> restClients,
                ObjectProvider<RestTemplateBuilder> restTemplates) {
            this.pools = pools;
            this.restClients = restClients;
            this.restTemplates = restTemplates;
        }

        RestClient.Builder restClientBuilder(String pool) {
            return restClients
                    .getIfAvailable(RestClient::builder)
                    .requestFactory(new UtlsClientHttpRequestFactoryBuilder(pools.get(pool)).build());
        }

        RestTemplateBuilder restTemplateBuilder(String pool) {
            return restTemplates
                    .getIfAvailable(RestTemplateBuilder::new)
                    .requestFactoryBuilder(new UtlsClientHttpRequestFactoryBuilder(pools.get(pool)));
        }
    }

    /** Registers them. */
    static final class Registrar extends NamedBeans {

        @Override
        void register(String pool, BeanDefinitionRegistry registry) {
            add(
                    registry,
                    pool,
                    "RequestFactoryBuilder",
                    ClientHttpRequestFactoryBuilder.class,
                    "utlsNamedRequestFactories",
                    "requestFactoryBuilder");
            if (ClassUtils.isPresent(BOOT_CLIENTS, Registrar.class.getClassLoader())) {
                ClientBeans.register(pool, registry);
            }
        }
    }

    /** Loaded only where the types are. */
    private static final class ClientBeans {

        private static final String FACTORY = "utlsNamedBlockingClients";

        static void register(String pool, BeanDefinitionRegistry registry) {
            NamedBeans.add(
                    registry,
                    pool,
                    "RestClientBuilder",
                    RestClient.Builder.class,
                    FACTORY,
                    "restClientBuilder",
                    BeanDefinition.SCOPE_PROTOTYPE);
            NamedBeans.add(
                    registry, pool, "RestTemplateBuilder", RestTemplateBuilder.class, FACTORY, "restTemplateBuilder");
        }
    }
}
