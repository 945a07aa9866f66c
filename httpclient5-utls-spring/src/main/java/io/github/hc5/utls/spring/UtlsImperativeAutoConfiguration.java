package io.github.hc5.utls.spring;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;

/**
 * RestTemplate, RestClient and HTTP interfaces on the default pool. Backs off where the application has a
 * {@link ClientHttpRequestFactoryBuilder}, and where {@code spring.http.clients.imperative.factory} names another library;
 * left out with {@code httpclient5.utls.imperative.enabled=false}.
 */
@AutoConfiguration(after = UtlsAutoConfiguration.class, before = ImperativeHttpClientAutoConfiguration.class)
@ConditionalOnClass(ClientHttpRequestFactory.class)
@ConditionalOnBean(UtlsPools.class)
@ConditionalOnBooleanProperty(name = "httpclient5.utls.imperative.enabled", matchIfMissing = true)
@Conditional(ChosenLibrary.Imperative.class)
@Import(NamedRequestFactories.Registrar.class)
public final class UtlsImperativeAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ClientHttpRequestFactoryBuilder<?> utlsClientHttpRequestFactoryBuilder(
            UtlsPools pools, ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers) {
        return customized(
                new UtlsClientHttpRequestFactoryBuilder(pools.defaultPool()),
                customizers.orderedStream().toList());
    }

    /** As Boot does it for its own. */
    @SuppressWarnings("unchecked") // a customizer of another kind of builder is not called
    private static ClientHttpRequestFactoryBuilder<?> customized(
            ClientHttpRequestFactoryBuilder<?> builder,
            List<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers) {
        ClientHttpRequestFactoryBuilder<?>[] result = {builder};
        LambdaSafe.callbacks(ClientHttpRequestFactoryBuilderCustomizer.class, customizers, builder)
                .invoke(customizer -> result[0] = customizer.customize(result[0]));
        return result[0];
    }

    @Bean
    NamedRequestFactories utlsNamedRequestFactories(UtlsPools pools) {
        return new NamedRequestFactories(pools);
    }

    /** What needs Boot's module for blocking clients besides. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestTemplateBuilder.class)
    static class Clients {

        @Bean
        NamedRequestFactories.Clients utlsNamedBlockingClients(
                UtlsPools pools,
                ObjectProvider<RestClient.Builder> restClients,
                ObjectProvider<RestTemplateBuilder> restTemplates) {
            return new NamedRequestFactories.Clients(pools, restClients, restTemplates);
        }
    }

    /** Groups of HTTP interfaces that have a pool's name. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestClientHttpServiceGroupConfigurer.class)
    static class HttpInterfaces {

        @Bean
        RestClientGroups utlsRestClientGroups(
                UtlsPools pools,
                ObjectProvider<HttpServiceClientProperties> properties,
                ObjectProvider<SslBundles> bundles,
                ObjectProvider<HttpClientSettings> settings) {
            return new RestClientGroups(pools, new GroupSettings(properties, bundles, settings));
        }
    }
}
