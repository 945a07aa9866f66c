package io.github.hc5.utls.spring;

import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.reactor.IOReactorConfig;

/** The one real client on each connection manager, which all others share; closing it leaves its manager open. */
final class SharedClients {

    private SharedClients() {}

    /**
     * Returns a started client.
     *
     * @param install puts the manager, and what belongs to it, into the client's builder
     */
    static CloseableHttpAsyncClient on(UnaryOperator<HttpAsyncClientBuilder> install) {
        CloseableHttpAsyncClient client = install.apply(HttpAsyncClients.custom())
                .setConnectionManagerShared(true)
                // proxies, as with Boot's own
                .useSystemProperties()
                // the manager has a reactor of its own, the client's idles
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .addRequestInterceptorFirst(new AcceptOfProfile())
                .build();
        client.start();
        return client;
    }
}
