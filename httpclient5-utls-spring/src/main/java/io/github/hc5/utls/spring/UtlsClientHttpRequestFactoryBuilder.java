package io.github.hc5.utls.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Puts RestTemplate, RestClient and HTTP interfaces on a pool. Factories of one builder share its connections, whatever
 * their settings, but for those with another SSL bundle or address filter. Thread-safe.
 */
public final class UtlsClientHttpRequestFactoryBuilder
        implements ClientHttpRequestFactoryBuilder<HttpComponentsClientHttpRequestFactory> {

    private final UtlsPool pool;

    /** Makes factories on this pool. */
    public UtlsClientHttpRequestFactoryBuilder(UtlsPool pool) {
        this.pool = pool;
    }

    /**
     * Returns a factory; destroying it leaves the pool open.
     *
     * @param settings {@code null}: those of the pool
     * @throws IllegalArgumentException if the SSL bundle of the settings names protocols or cipher suites
     */
    @Override
    public HttpComponentsClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
        return new HttpComponentsClientHttpRequestFactory(pool.springClassicClient(settings));
    }
}
