package io.github.hc5.utls.spring;

import io.github.hc5.utls.UtlsParts;
import io.github.hc5.utls.pool.HotConnectionManager;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.reactor.IOReactorConfig;

/** The one real client on each connection manager, which all others share; closing it leaves its manager open. */
final class SharedClients {

    private SharedClients() {}

    /** Returns a started client on a manager that knows nothing of retries and limits. */
    static CloseableHttpAsyncClient on(HotConnectionManager manager) {
        return started(HttpAsyncClients.custom().setConnectionManager(manager).disableContentCompression());
    }

    /** Returns a started client with all that the configuration says. */
    static CloseableHttpAsyncClient on(UtlsParts parts) {
        return started(parts.install(HttpAsyncClients.custom()));
    }

    private static CloseableHttpAsyncClient started(HttpAsyncClientBuilder builder) {
        CloseableHttpAsyncClient client = builder.setConnectionManagerShared(true)
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
