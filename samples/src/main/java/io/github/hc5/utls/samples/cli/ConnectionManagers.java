package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.pool.PoolListener;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.util.Timeout;

/** The connection managers that the commands use: one browser's hot pool, and HttpClient's own for comparison. */
final class ConnectionManagers {

    private ConnectionManagers() {}

    static HotConnectionManager hot(FetchSettings settings, TlsStrategy tls, PoolListener listener) {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(tls)
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build())
                .setDnsResolver(settings.names())
                .setMaxConnPerRoute(settings.concurrency())
                .setMaxConnTotal(total(settings))
                .setDefaultConnectionConfig(connection(settings))
                .setDefaultTlsConfig(tls(settings))
                .setPoolListener(listener)
                .build();
    }

    static AsyncClientConnectionManager stock(FetchSettings settings, TlsStrategy tls) {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(tls)
                .setDnsResolver(settings.names())
                .setMaxConnPerRoute(settings.concurrency())
                .setMaxConnTotal(total(settings))
                .setDefaultConnectionConfig(connection(settings))
                .setDefaultTlsConfig(tls(settings))
                .build();
    }

    private static int total(FetchSettings settings) {
        return settings.concurrency() + settings.urls().size();
    }

    private static ConnectionConfig connection(FetchSettings settings) {
        return ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(settings.timeout()))
                .build();
    }

    private static TlsConfig tls(FetchSettings settings) {
        return TlsConfig.custom()
                .setHandshakeTimeout(Timeout.of(settings.timeout()))
                .setVersionPolicy(settings.http1() ? HttpVersionPolicy.FORCE_HTTP_1 : HttpVersionPolicy.NEGOTIATE)
                .build();
    }
}
