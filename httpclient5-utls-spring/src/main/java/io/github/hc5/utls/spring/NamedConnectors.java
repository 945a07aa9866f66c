package io.github.hc5.utls.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.function.client.WebClient;

/** Makes the reactive clients of named pools, as Boot or the application has configured those of the default pool. */
final class NamedConnectors {

    private static final String WEB_CLIENT = "org.springframework.web.reactive.function.client.WebClient";

    private final UtlsPools pools;

    NamedConnectors(UtlsPools pools) {
        this.pools = pools;
    }

    ClientHttpConnectorBuilder<?> connectorBuilder(String pool) {
        return new UtlsClientHttpConnectorBuilder(pools.get(pool));
    }

    /** Makes what needs WebClient besides. */
    static final class Clients {

        private final UtlsPools pools;
        private final ObjectProvider<WebClient.Builder> webClients;

        Clients(UtlsPools pools, ObjectProvider<WebClient.Builder> webClients) {
            this.pools = pools;
            this.webClients = webClients;
        }

        WebClient.Builder webClientBuilder(String pool) {
            return webClients
                    .getIfAvailable(WebClient::builder)
                    .clientConnector(new UtlsClientHttpConnectorBuilder(pools.get(pool)).build());
        }
    }

    /** Registers them. */
    static final class Registrar extends NamedBeans {

        @Override
        void register(String pool, BeanDefinitionRegistry registry) {
            add(
                    registry,
                    pool,
                    "ConnectorBuilder",
                    ClientHttpConnectorBuilder.class,
                    "utlsNamedConnectors",
                    "connectorBuilder");
            if (ClassUtils.isPresent(WEB_CLIENT, Registrar.class.getClassLoader())) {
                ClientBeans.register(pool, registry);
            }
        }
    }

    /** Loaded only where the types are. */
    private static final class ClientBeans {
        static void register(String pool, BeanDefinitionRegistry registry) {
            NamedBeans.add(
                    registry,
                    pool,
                    "WebClientBuilder",
                    WebClient.Builder.class,
                    "utlsNamedReactiveClients",
                    "webClientBuilder",
                    BeanDefinition.SCOPE_PROTOTYPE);
        }
    }
}
