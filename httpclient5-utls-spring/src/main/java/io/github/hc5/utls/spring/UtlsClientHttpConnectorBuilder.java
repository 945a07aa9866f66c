package io.github.hc5.utls.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.HttpComponentsClientHttpConnector;

/**
 * Puts WebClient and reactive HTTP interfaces on a pool. Connectors of one builder share its connections, whatever their
 * settings, but for those with another SSL bundle or address filter. Thread-safe.
 */
public final class UtlsClientHttpConnectorBuilder
        implements ClientHttpConnectorBuilder<HttpComponentsClientHttpConnector> {

    private final UtlsPool pool;

    /** Makes connectors on this pool. */
    public UtlsClientHttpConnectorBuilder(UtlsPool pool) {
        this.pool = pool;
    }

    /**
     * Returns a connector; closing it leaves the pool open.
     *
     * @param settings {@code null}: those of the pool
     * @throws IllegalArgumentException if the SSL bundle of the settings names protocols or cipher suites
     */
    @Override
    public HttpComponentsClientHttpConnector build(@Nullable HttpClientSettings settings) {
        return new HttpComponentsClientHttpConnector(pool.springAsyncClient(settings));
    }
}
