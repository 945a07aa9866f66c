package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

/** What Boot's settings for HTTP clients mean on the pool. */
class SettingsTest {

    private static Mirror mirror;

    @BeforeAll
    static void start() throws Exception {
        mirror = Mirror.start();
    }

    @AfterAll
    static void stop() throws Exception {
        mirror.close();
    }

    private static void withPool(BiConsumer<UtlsPool, HttpClientSettings> work) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SslAutoConfiguration.class, HttpClientAutoConfiguration.class, UtlsAutoConfiguration.class))
                .withPropertyValues(mirror.properties())
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    work.accept(
                            context.getBean(UtlsPools.class).defaultPool(), context.getBean(HttpClientSettings.class));
                });
    }

    private static RestClient client(UtlsPool pool, HttpClientSettings settings) {
        return RestClient.builder()
                .requestFactory(new UtlsClientHttpRequestFactoryBuilder(pool).build(settings))
                .build();
    }

    private static String get(RestClient client, String path) {
        return String.valueOf(client.get().uri(mirror.url(path)).retrieve().body(String.class));
    }

    @Test
    void aReadTimeoutEndsARequestAndNotTheConnection() {
        withPool((pool, settings) -> {
            RestClient client = client(pool, settings.withReadTimeout(Duration.ofMillis(700)));
            assertThat(get(client, "/before")).isNotEmpty();
            assertThatExceptionOfType(ResourceAccessException.class)
                    .isThrownBy(() -> client.post()
                            .uri(mirror.url("/delay/600000"))
                            .body("x")
                            .retrieve()
                            .body(String.class))
                    .withRootCauseInstanceOf(SocketTimeoutException.class);
            assertThat(get(client, "/after")).isNotEmpty();
            assertThat(pool.manager().snapshot().open()).isEqualTo(1);
        });
    }

    @Test
    void clientsWithOtherTimeoutsShareTheConnection() {
        withPool((pool, settings) -> {
            get(client(pool, settings), "/one");
            get(client(pool, settings.withReadTimeout(Duration.ofSeconds(9))), "/two");
            get(client(pool, settings.withRedirects(HttpRedirects.DONT_FOLLOW)), "/three");
            assertThat(pool.managers()).hasSize(1);
            assertThat(pool.manager().snapshot().open()).isEqualTo(1);
        });
    }

    @Test
    void anAddressFilterRefusesWhatItDoesNotMatch() {
        withPool((pool, settings) -> {
            RestClient refused = client(pool, settings.withInetAddressFilter(InetAddressFilter.externalAddresses()));
            assertThatThrownBy(() -> get(refused, "/"))
                    .hasRootCauseInstanceOf(UnknownHostException.class)
                    .rootCause()
                    .hasMessageContaining("InetAddressFilter");
            assertThat(get(client(pool, settings.withInetAddressFilter(InetAddressFilter.internalAddresses())), "/"))
                    .isNotEmpty();
            assertThat(pool.managers()).hasSize(3);
        });
    }

    @Test
    void whomTheBundleDoesNotTrustIsNotTalkedTo() {
        withPool((pool, settings) -> {
            RestClient client = client(pool, settings.withSslBundle(null));
            assertThatThrownBy(() -> get(client, "/"))
                    .isInstanceOf(ResourceAccessException.class)
                    .hasStackTraceContaining("certificat");
        });
    }

    @Test
    void aBundleThatNamesProtocolsIsRefused() {
        withPool((pool, settings) -> {
            SslBundle bundle =
                    SslBundle.of(SslStoreBundle.NONE, SslBundleKey.NONE, SslOptions.of(null, new String[] {"TLSv1.3"}));
            assertThatThrownBy(() -> client(pool, settings.withSslBundle(bundle)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[TLSv1.3]")
                    .hasMessageContaining("profile");
        });
    }

    @Test
    void closingAClientLeavesThePoolOpen() {
        withPool((pool, settings) -> {
            try {
                pool.classicClient(null).close();
                pool.asyncClient(null).close();
                new UtlsClientHttpRequestFactoryBuilder(pool).build(null).destroy();
                new UtlsClientHttpConnectorBuilder(pool).build(null).close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            assertThat(get(client(pool, settings), "/")).isNotEmpty();
        });
    }

    private static void withApplication(Consumer<ConfigurableApplicationContext> work, String... properties) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(mirror.properties(properties))
                .run()) {
            work.accept(context);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @ImportHttpServices(group = "pages", types = Pages.class)
    static class Application {}

    interface Pages {
        @GetExchange("/delay/600000")
        String late();
    }

    @Test
    void theReadTimeoutOfThePropertiesHoldsForEveryKindOfClient() {
        withApplication(
                context -> {
                    String late = mirror.url("/delay/600000");
                    assertThatThrownBy(() -> context.getBean(RestTemplateBuilder.class)
                                    .build()
                                    .getForObject(late, String.class))
                            .hasRootCauseInstanceOf(SocketTimeoutException.class);
                    assertThatThrownBy(() -> context.getBean(RestClient.Builder.class)
                                    .build()
                                    .get()
                                    .uri(late)
                                    .retrieve()
                                    .body(String.class))
                            .hasRootCauseInstanceOf(SocketTimeoutException.class);
                    assertThatThrownBy(() -> context.getBean(WebClient.Builder.class)
                                    .build()
                                    .get()
                                    .uri(late)
                                    .retrieve()
                                    .bodyToMono(String.class)
                                    .block())
                            .hasRootCauseInstanceOf(SocketTimeoutException.class);
                },
                "spring.main.banner-mode=off",
                "httpclient5.utls.pool.max-retries=0",
                "spring.http.clients.read-timeout=400ms");
    }

    @Test
    void aGroupOfInterfacesHasItsOwnReadTimeout() {
        withApplication(
                context -> assertThatThrownBy(() -> context.getBean(Pages.class).late())
                        .hasRootCauseInstanceOf(SocketTimeoutException.class)
                        .rootCause()
                        .hasMessageContaining("300"),
                "spring.main.banner-mode=off",
                "httpclient5.utls.pool.max-retries=0",
                "spring.http.clients.read-timeout=10m",
                "spring.http.serviceclient.pages.base-url=" + mirror.url(""),
                "spring.http.serviceclient.pages.read-timeout=300ms");
    }

    /** A socket whose queue of connections is full takes no further one, and says nothing. */
    @Test
    void theConnectTimeoutOfThePropertiesHolds() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, loopback)) {
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
            }
            withApplication(
                    context -> assertThatThrownBy(() -> context.getBean(RestTemplateBuilder.class)
                                    .build()
                                    .getForObject("https://127.0.0.1:" + full.getLocalPort() + "/", String.class))
                            .isInstanceOf(ResourceAccessException.class)
                            .hasRootCauseInstanceOf(ConnectTimeoutException.class)
                            .rootCause()
                            .hasMessageContaining("300 MILLISECONDS"),
                    "spring.main.banner-mode=off",
                    "httpclient5.utls.pool.max-retries=0",
                    "httpclient5.utls.pool.conn-timeout=10m",
                    "spring.http.clients.read-timeout=10m",
                    "spring.http.clients.connect-timeout=300ms");
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }
}
