package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.reactive.ReactiveResponseConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** When each part is there, and when it leaves the field to others. */
class ConditionsTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    HttpClientAutoConfiguration.class,
                    ImperativeHttpClientAutoConfiguration.class,
                    ReactiveHttpClientAutoConfiguration.class,
                    UtlsAutoConfiguration.class,
                    UtlsImperativeAutoConfiguration.class,
                    UtlsReactiveAutoConfiguration.class));

    @Test
    void everythingIsThereByDefault() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(UtlsPools.class);
            assertThat(context).hasSingleBean(HotConnectionManager.class);
            assertThat(context).hasSingleBean(CloseableHttpAsyncClient.class);
            assertThat(context).hasSingleBean(CloseableHttpClient.class);
            assertThat(context)
                    .getBean(ClientHttpRequestFactoryBuilder.class)
                    .isInstanceOf(UtlsClientHttpRequestFactoryBuilder.class);
            assertThat(context)
                    .getBean(ClientHttpConnectorBuilder.class)
                    .isInstanceOf(UtlsClientHttpConnectorBuilder.class);
        });
    }

    @Test
    void nothingIsThereWhereItIsDisabled() {
        runner.withPropertyValues("httpclient5.utls.enabled=false").run(context -> {
            assertThat(context).doesNotHaveBean(UtlsPools.class);
            assertThat(context).doesNotHaveBean(HotConnectionManager.class);
            assertThat(context).doesNotHaveBean(CloseableHttpAsyncClient.class);
            assertThat(context).doesNotHaveBean(UtlsClientHttpRequestFactoryBuilder.class);
            assertThat(context).doesNotHaveBean(UtlsClientHttpConnectorBuilder.class);
            assertThat(context).hasSingleBean(ClientHttpRequestFactoryBuilder.class);
        });
    }

    @Test
    void blockingClientsAreLeftToBootWhereThatIsSaid() {
        runner.withPropertyValues("httpclient5.utls.imperative.enabled=false").run(context -> {
            assertThat(context).doesNotHaveBean(UtlsClientHttpRequestFactoryBuilder.class);
            assertThat(context).hasSingleBean(UtlsClientHttpConnectorBuilder.class);
        });
        runner.withPropertyValues("spring.http.clients.imperative.factory=jdk")
                .run(context -> assertThat(context)
                        .getBean(ClientHttpRequestFactoryBuilder.class)
                        .isInstanceOf(JdkClientHttpRequestFactoryBuilder.class));
        runner.withPropertyValues("spring.http.clients.imperative.factory=HTTP_COMPONENTS")
                .run(context -> assertThat(context).hasSingleBean(UtlsClientHttpRequestFactoryBuilder.class));
    }

    @Test
    void reactiveClientsAreLeftToBootWhereThatIsSaid() {
        runner.withPropertyValues("httpclient5.utls.reactive.enabled=false").run(context -> {
            assertThat(context).hasSingleBean(UtlsClientHttpRequestFactoryBuilder.class);
            assertThat(context)
                    .getBean(ClientHttpConnectorBuilder.class)
                    .isInstanceOf(ReactorClientHttpConnectorBuilder.class);
        });
        runner.withPropertyValues("spring.http.clients.reactive.connector=jdk")
                .run(context -> assertThat(context)
                        .getBean(ClientHttpConnectorBuilder.class)
                        .isInstanceOf(JdkClientHttpConnectorBuilder.class));
        runner.withPropertyValues("spring.http.clients.reactive.connector=http-components")
                .run(context -> assertThat(context).hasSingleBean(UtlsClientHttpConnectorBuilder.class));
    }

    @Test
    void reactiveClientsNeedTheirLibraries() {
        runner.withClassLoader(new FilteredClassLoader(Mono.class)).run(context -> {
            assertThat(context).hasSingleBean(UtlsClientHttpRequestFactoryBuilder.class);
            assertThat(context).doesNotHaveBean(ClientHttpConnectorBuilder.class);
        });
        runner.withClassLoader(new FilteredClassLoader(ReactiveResponseConsumer.class))
                .run(context -> {
                    assertThat(context).hasSingleBean(UtlsClientHttpRequestFactoryBuilder.class);
                    assertThat(context).doesNotHaveBean(UtlsClientHttpConnectorBuilder.class);
                });
    }

    @Test
    void buildersOfTheApplicationComeFirst() {
        runner.withUserConfiguration(OwnBuilders.class).run(context -> {
            assertThat(context).hasSingleBean(HotConnectionManager.class);
            assertThat(context)
                    .getBean(ClientHttpRequestFactoryBuilder.class)
                    .isInstanceOf(JdkClientHttpRequestFactoryBuilder.class);
            assertThat(context)
                    .getBean(ClientHttpConnectorBuilder.class)
                    .isInstanceOf(JdkClientHttpConnectorBuilder.class);
        });
    }

    @Test
    void aManagerOfTheApplicationIsTheDefaultPools() {
        runner.withUserConfiguration(OwnManager.class).run(context -> {
            assertThat(context).hasSingleBean(HotConnectionManager.class);
            assertThat(context.getBean(UtlsPools.class).defaultPool().manager())
                    .isSameAs(context.getBean("mine", HotConnectionManager.class));
        });
    }

    @Test
    void clientsOfTheApplicationComeFirst() {
        runner.withUserConfiguration(OwnClients.class).run(context -> {
            assertThat(context).hasSingleBean(CloseableHttpAsyncClient.class).hasBean("myAsyncClient");
            assertThat(context).hasSingleBean(CloseableHttpClient.class).hasBean("myClassicClient");
        });
    }

    @Test
    void theContextClosesThePool() {
        HotConnectionManager[] manager = new HotConnectionManager[1];
        runner.run(context -> {
            manager[0] = context.getBean(HotConnectionManager.class);
            assertThat(manager[0].isClosed()).isFalse();
        });
        assertThat(manager[0].isClosed()).isTrue();
    }

    @Test
    void noPoolIsLeftOpenWhereAnotherCannotBeMade() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        // found out when the properties are read, before any pool is made
        runner.withPropertyValues("httpclient5.utls.pools.wrong.pool.max-connections=0")
                .run(context -> assertThat(context).hasFailed());
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .noneMatch(thread -> thread.getName().startsWith("utls-"));

        HotConnectionManager manager = Utls.connectionManager();
        HttpClientSettings settings = HttpClientSettings.defaults();
        Map<String, PoolParts> parts = new LinkedHashMap<>();
        parts.put("default", new GivenManager(manager, settings));
        parts.put("wrong", transport -> {
            throw new IllegalArgumentException("the bundle");
        });
        assertThatThrownBy(() -> UtlsAutoConfiguration.opened(parts, settings)).hasMessage("the bundle");
        assertThat(manager.isClosed()).isTrue();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBuilders {
        @Bean
        ClientHttpRequestFactoryBuilder<?> requestFactories() {
            return ClientHttpRequestFactoryBuilder.jdk();
        }

        @Bean
        ClientHttpConnectorBuilder<?> connectors() {
            return ClientHttpConnectorBuilder.jdk();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnManager {
        @Bean
        HotConnectionManager mine() {
            return Utls.connectionManager();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClients {
        @Bean
        CloseableHttpAsyncClient myAsyncClient() {
            return Utls.asyncClient();
        }

        @Bean
        CloseableHttpClient myClassicClient(CloseableHttpAsyncClient client) {
            return HttpAsyncClients.classic(client, null);
        }
    }
}
