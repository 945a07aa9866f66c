package io.github.hc5.utls.bench.clients;

import java.io.IOException;
import java.security.GeneralSecurityException;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;

/** Apache HttpClient as it comes: its pooling manager over the JDK's TLS. */
final class StockLoadClient extends HttpClient5LoadClient {

    private StockLoadClient(CloseableHttpAsyncClient client) {
        super(client);
    }

    static StockLoadClient create(ClientOptions options, boolean multiplexing)
            throws IOException, GeneralSecurityException {
        boolean http1 = options.http1() || !options.reuse();
        HttpAsyncClientBuilder client = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(ClientTlsStrategyBuilder.create()
                                .setSslContext(options.sslContext())
                                .buildAsync())
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(http1 ? HttpVersionPolicy.FORCE_HTTP_1 : HttpVersionPolicy.NEGOTIATE)
                                .build())
                        .setMaxConnTotal(options.connections())
                        .setMaxConnPerRoute(options.connections())
                        .setMessageMultiplexing(multiplexing)
                        .build())
                .disableContentCompression();
        if (!options.reuse()) {
            client.setConnectionReuseStrategy((request, response, context) -> false);
        }
        return new StockLoadClient(client.build());
    }
}
