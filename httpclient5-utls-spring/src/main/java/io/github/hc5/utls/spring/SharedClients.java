package io.github.hc5.utls.spring;

import io.github.hc5.utls.pool.HotConnectionManager;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.reactor.IOReactorConfig;

/** The one real client on each connection manager, which all others share. */
final class SharedClients {

    private SharedClients() {}

    /** Returns a started client that leaves its manager open when it is closed. */
    static CloseableHttpAsyncClient on(HotConnectionManager manager) {
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .setConnectionManagerShared(true)
                // proxies, as with Boot's own
                .useSystemProperties()
                .disableContentCompression()
                // the manager has a reactor of its own, the client's idles
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .addRequestInterceptorFirst(new AcceptOfProfile())
                .build();
        client.start();
        return client;
    }
}
