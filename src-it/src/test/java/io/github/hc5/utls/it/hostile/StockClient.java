package io.github.hc5.utls.it.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.Timeout;

/** The stock asynchronous HttpClient with its stock connection manager; only TLS is that under test. */
final class StockClient implements AutoCloseable {

    /** So long that only a hang takes it. */
    private static final int PATIENCE_SECONDS = 30;

    private static final Timeout AMPLE = Timeout.ofSeconds(20);

    private final PoolingAsyncClientConnectionManager manager;
    private final CloseableHttpAsyncClient client;

    StockClient(EngineUnderTest subject, HttpVersionPolicy policy) {
        this(subject, policy, host -> AMPLE);
    }

    /** The handshake timeout goes by the server, so that a short one for a hostile server cannot fail a sound one. */
    StockClient(EngineUnderTest subject, HttpVersionPolicy policy, Function<HttpHost, Timeout> handshakeTimeout) {
        manager = PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(subject.tlsStrategy(TestAuthority.TRUSTED.trustManager()))
                .setDnsResolver(new LoopbackNames())
                .setTlsConfigResolver(host -> TlsConfig.custom()
                        .setHandshakeTimeout(handshakeTimeout.apply(host))
                        .setVersionPolicy(policy)
                        .build())
                .build();
        client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .disableAutomaticRetries()
                .build();
        client.start();
    }

    SimpleHttpResponse get(String host, int port) throws Exception {
        return get(host, port, "/");
    }

    /** Returns the answer, or throws what the caller of HttpClient would see. */
    SimpleHttpResponse get(String host, int port, String path) throws Exception {
        SimpleHttpRequest request =
                SimpleRequestBuilder.get("https://" + host + ':' + port + path).build();
        try {
            return client.execute(request, null).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    PoolStats stats() {
        return manager.getTotalStats();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private static final class LoopbackNames extends SystemDefaultDnsResolver {

        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
