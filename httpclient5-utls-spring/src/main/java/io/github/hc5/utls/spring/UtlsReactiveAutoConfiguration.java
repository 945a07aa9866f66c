package io.github.hc5.utls.spring;

import java.util.List;
import org.apache.hc.core5.reactive.ReactiveResponseConsumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;
import reactor.core.publisher.Mono;

/**
 * WebClient and reactive HTTP interfaces on the default pool, whatever other library there is that Boot would choose. Backs
 * off where the application has a {@link ClientHttpConnectorBuilder}, and where
 * {@code spring.http.clients.reactive.connector} names another library; left out with
 * {@code httpclient5.utls.reactive.enabled=false}.
 */
@AutoConfiguration(after = UtlsAutoConfiguration.class, before = ReactiveHttpClientAutoConfiguration.class)
@ConditionalOnClass({ClientHttpConnector.class, Mono.class, ReactiveResponseConsumer.class})
@ConditionalOnBean(UtlsPools.class)
@ConditionalOnBooleanProperty(name = "httpclient5.utls.reactive.enabled", matchIfMissing = true)
@Conditional(ChosenLibrary.Reactive.class)
@Import(NamedConnectors.Registrar.class)
public final class UtlsReactiveAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ClientHttpConnectorBuilder<?> utlsClientHttpConnectorBuilder(
            UtlsPools pools, ObjectProvider<ClientHttpConnectorBuilderCustomizer<?>> customizers) {
        return customized(
                new UtlsClientHttpConnectorBuilder(pools.defaultPool()),
                customizers.orderedStream().toList());
    }

    /** As Boot does it for its own. */
    @SuppressWarnings("unchecked") // a customizer of another kind of builder is not called
    private static ClientHttpConnectorBuilder<?> customized(
            ClientHttpConnectorBuilder<?> builder, List<ClientHttpConnectorBuilderCustomizer<?>> customizers) {
        ClientHttpConnectorBuilder<?>[] result = {builder};
        LambdaSafe.callbacks(ClientHttpConnectorBuilderCustomizer.class, customizers, builder)
                .invoke(customizer -> result[0] = customizer.customize(result[0]));
        return result[0];
    }

    @Bean
    NamedConnectors utlsNamedConnectors(UtlsPools pools) {
        return new NamedConnectors(pools);
    }

    /** What needs WebClient besides. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebClient.class)
    static class Clients {

        @Bean
        NamedConnectors.Clients utlsNamedReactiveClients(
                UtlsPools pools, ObjectProvider<WebClient.Builder> webClients) {
            return new NamedConnectors.Clients(pools, webClients);
        }
    }

    /** Groups of HTTP interfaces that have a pool's name. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebClientHttpServiceGroupConfigurer.class)
    static class HttpInterfaces {

        @Bean
        WebClientGroups utlsWebClientGroups(
                UtlsPools pools,
                ObjectProvider<HttpServiceClientProperties> properties,
                ObjectProvider<SslBundles> bundles,
                ObjectProvider<HttpClientSettings> settings) {
            return new WebClientGroups(pools, new GroupSettings(properties, bundles, settings));
        }
    }
}
