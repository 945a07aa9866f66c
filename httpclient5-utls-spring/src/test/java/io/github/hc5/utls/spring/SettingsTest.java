package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

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
}
