package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.metrics.AlertAction;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.MailSender;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;

/** Health, endpoint, meters, mail and named pools: when each is there, and when it is not. */
class PartsConditionsTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(UtlsAutoConfiguration.class));

    private final ApplicationContextRunner health = runner.withConfiguration(
            AutoConfigurations.of(HealthContributorAutoConfiguration.class, UtlsHealthAutoConfiguration.class));

    private final ApplicationContextRunner endpoint =
            runner.withConfiguration(AutoConfigurations.of(UtlsEndpointAutoConfiguration.class));

    private final ApplicationContextRunner meters =
            runner.withConfiguration(AutoConfigurations.of(UtlsMetricsAutoConfiguration.class));

    private final ApplicationContextRunner mail = runner.withConfiguration(
                    AutoConfigurations.of(MailSenderAutoConfiguration.class, UtlsMailAutoConfiguration.class))
            .withPropertyValues(
                    "spring.mail.host=127.0.0.1",
                    "httpclient5.utls.alerts.mail.to[0]=ops@example.com",
                    "httpclient5.utls.alerts.mail.from=pool@example.com");

    private final ApplicationContextRunner clients = runner.withConfiguration(
                    AutoConfigurations.of(UtlsImperativeAutoConfiguration.class, UtlsReactiveAutoConfiguration.class))
            .withPropertyValues("httpclient5.utls.pools.slow.pool.max-connections=4");

    @Test
    void healthIsThereByDefault() {
        health.run(context ->
                assertThat(context).getBean("hotpoolHealthContributor").isInstanceOf(PoolHealthIndicator.class));
        health.withPropertyValues("httpclient5.utls.pools.slow.pool.max-connections=4")
                .run(context -> assertThat(
                                context.getBean("hotpoolHealthContributor", CompositeHealthContributor.class).stream()
                                        .map(one -> one.name()))
                        .containsExactlyInAnyOrder("default", "slow"));
    }

    @Test
    void healthIsLeftOutWhereItIsDisabledOrThereIsNothingToTellOf() {
        health.withPropertyValues("management.health.hotpool.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("hotpoolHealthContributor"));
        health.withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("hotpoolHealthContributor"));
        health.withPropertyValues("httpclient5.utls.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("hotpoolHealthContributor"));
        health.withClassLoader(new FilteredClassLoader(HealthContributor.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("hotpoolHealthContributor"));
        health.withClassLoader(new FilteredClassLoader(ConditionalOnEnabledHealthIndicator.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("hotpoolHealthContributor"));
    }

    @Test
    void healthOfTheApplicationComesFirst() {
        health.withUserConfiguration(OwnHealth.class)
                .run(context -> assertThat(context)
                        .getBean("hotpoolHealthContributor")
                        .isNotInstanceOf(PoolHealthIndicator.class));
    }

    @Test
    void theEndpointIsThereWhereItIsExposed() {
        endpoint.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HotPoolEndpoint.class));
        ApplicationContextRunner exposed =
                endpoint.withPropertyValues("management.endpoints.web.exposure.include=hotpool");
        exposed.run(context -> assertThat(context).hasSingleBean(HotPoolEndpoint.class));
        exposed.withPropertyValues("management.endpoint.hotpool.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(HotPoolEndpoint.class));
        exposed.withPropertyValues("httpclient5.utls.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HotPoolEndpoint.class));
        exposed.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HotPoolEndpoint.class));
        exposed.withUserConfiguration(OwnEndpoint.class)
                .run(context ->
                        assertThat(context).hasSingleBean(HotPoolEndpoint.class).hasBean("myEndpoint"));
    }

    @Test
    void metersAreThereWhereThereIsARegistry() {
        meters.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(PoolMeters.class));
        ApplicationContextRunner registry = meters.withBean(SimpleMeterRegistry.class);
        registry.run(context -> assertThat(context).hasSingleBean(PoolMeters.class));
        registry.withPropertyValues("httpclient5.utls.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(PoolMeters.class));
        registry.withUserConfiguration(OwnMeters.class)
                .run(context ->
                        assertThat(context).hasSingleBean(PoolMeters.class).hasBean("myMeters"));
        meters.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("utlsPoolMeters"));
    }

    @Test
    void metersAreInTheCompositeOfSeveralRegistries() {
        meters.withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
                .withBean("one", SimpleMeterRegistry.class)
                .withBean("two", SimpleMeterRegistry.class)
                .run(context -> {
                    assertThat(context).hasSingleBean(PoolMeters.class);
                    assertThat(context).getBean(MeterRegistry.class).isInstanceOf(CompositeMeterRegistry.class);
                    for (String registry : new String[] {"one", "two"}) {
                        assertThat(context.getBean(registry, MeterRegistry.class)
                                        .find("httpcomponents.httpclient.pool.total.max")
                                        .tag("httpclient", "utls")
                                        .gauge())
                                .as(registry)
                                .isNotNull();
                    }
                });
    }

    @Test
    void limitsSharedThroughRedisNeedItsLibraryAndNobodyElseDoes() {
        // it is not on the class path of these tests
        runner.run(context -> assertThat(context).hasSingleBean(UtlsPools.class));
        runner.withPropertyValues("httpclient5.utls.cluster.addresses=redis://127.0.0.1:1")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("[cluster] is configured, which needs org.redisson:redisson"));
    }

    @Test
    void mailIsThereWhereItCanBeSentToSomebody() {
        mail.run(context -> assertThat(context).hasSingleBean(MailAlerts.class));
        mail.withPropertyValues("spring.mail.host=")
                .run(context -> assertThat(context).hasSingleBean(MailAlerts.class));
        mail.withPropertyValues("httpclient5.utls.alerts.mail.to[0]=")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MailAlerts.class));
        mail.withPropertyValues("httpclient5.utls.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MailAlerts.class));
        mail.withClassLoader(new FilteredClassLoader(MailSender.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("utlsMailAlerts"));
        runner.withConfiguration(
                        AutoConfigurations.of(MailSenderAutoConfiguration.class, UtlsMailAutoConfiguration.class))
                .withPropertyValues("httpclient5.utls.alerts.mail.to=ops@example.com")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MailAlerts.class));
    }

    @Test
    void oneOfSeveralSendersMustBeMarked() {
        mail.withUserConfiguration(TwoSenders.class)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MailAlerts.class));
        mail.withUserConfiguration(OwnSender.class)
                .run(context -> assertThat(context).hasSingleBean(MailAlerts.class));
    }

    @Test
    void mailOfTheApplicationComesFirst() {
        mail.withUserConfiguration(OwnMail.class)
                .withPropertyValues("httpclient5.utls.alerts.rules.low-success-rate.actions=mail")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(MailAlerts.class)
                        .hasBean("mailAlertAction"));
    }

    @Test
    void namedPoolsHaveTheClientsThatThereAreLibrariesFor() {
        clients.run(context -> assertThat(context)
                .hasNotFailed()
                .hasBean("slowPool")
                .hasBean("slowConnectionManager")
                .hasBean("slowAsyncClient")
                .hasBean("slowClassicClient")
                .hasBean("slowRequestFactoryBuilder")
                .hasBean("slowRestClientBuilder")
                .hasBean("slowRestTemplateBuilder")
                .hasBean("slowConnectorBuilder")
                .hasBean("slowWebClientBuilder")
                .hasBean("utlsRestClientGroups")
                .hasBean("utlsWebClientGroups"));
        clients.withClassLoader(new FilteredClassLoader(
                        RestTemplateBuilder.class,
                        WebClient.class,
                        RestClientHttpServiceGroupConfigurer.class,
                        WebClientHttpServiceGroupConfigurer.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("slowPool")
                        .doesNotHaveBean("utlsNamedBlockingClients")
                        .doesNotHaveBean("utlsNamedReactiveClients")
                        .doesNotHaveBean("utlsRestClientGroups")
                        .doesNotHaveBean("utlsWebClientGroups"));
    }

    @Test
    void namedPoolsAreFoundByTheirQualifierAloneAndDoNotHideTheDefault() {
        clients.withPropertyValues("httpclient5.utls.pools.fast.fingerprint.profile=firefox")
                .run(context -> {
                    UtlsPools pools = context.getBean(UtlsPools.class);
                    assertThat(pools.names()).containsExactlyInAnyOrder("default", "slow", "fast");
                    // one of a type where no name is asked for, whatever the pools
                    assertThat(context.getBeanProvider(HotConnectionManager.class)
                                    .getIfUnique())
                            .isSameAs(pools.defaultPool().manager());
                    assertThat(context.getBeanProvider(ClientHttpRequestFactoryBuilder.class)
                                    .getIfUnique())
                            .isNotNull();
                    assertThat(context.getBeanProvider(ClientHttpConnectorBuilder.class)
                                    .getIfUnique())
                            .isNotNull();
                    assertThat(context.getBeanProvider(CloseableHttpClient.class)
                                    .getIfUnique())
                            .isNotNull();
                    assertThat(context.getBeanProvider(CloseableHttpAsyncClient.class)
                                    .getIfUnique())
                            .isNotNull();
                    assertThat(context.getBean("slowConnectionManager"))
                            .isSameAs(pools.get("slow").manager());
                    assertThat(context.getBean("fastConnectionManager"))
                            .isSameAs(pools.get("fast").manager());
                    assertThat(context.getBean("slowRestClientBuilder", RestClient.Builder.class))
                            .isNotSameAs(context.getBean("slowRestClientBuilder"));
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnHealth {
        @Bean
        HealthIndicator hotpoolHealthContributor() {
            return () -> Health.up().build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnEndpoint {
        @Bean
        HotPoolEndpoint myEndpoint(UtlsPools pools) {
            return new HotPoolEndpoint(pools);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMeters {
        @Bean
        PoolMeters myMeters(UtlsPools pools) {
            return new PoolMeters(pools);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnSender {
        @Bean
        MailSender mySender() {
            return messages -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoSenders extends OwnSender {
        @Bean
        MailSender another() {
            return messages -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMail {
        @Bean
        AlertAction mailAlertAction() {
            return event -> {};
        }
    }
}
