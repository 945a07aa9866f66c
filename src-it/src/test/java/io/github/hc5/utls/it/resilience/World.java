package io.github.hc5.utls.it.resilience;

import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.resilience.Resilience;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;

/** Hot managers and clients for a host that has the addresses of a test. */
final class World {

    static final String HOST = "site.example";

    private World() {}

    static HotConnectionManagerBuilder manager(List<InetAddress> addresses, int connections) {
        InMemoryDnsResolver dns = new InMemoryDnsResolver();
        if (!addresses.isEmpty()) {
            dns.add(HOST, addresses.toArray(new InetAddress[0]));
        }
        return HotConnectionManagerBuilder.create()
                .setDnsResolver(dns)
                .setPoolSettings(PoolSettings.builder()
                        .maxTotal(connections)
                        .maxPerRoute(connections)
                        .connectTimeout(Duration.ofSeconds(2))
                        .handshakeTimeout(Duration.ofMillis(500))
                        .closeTimeout(Duration.ZERO)
                        .build())
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build());
    }

    static CloseableHttpAsyncClient client(AsyncClientConnectionManager manager, Resilience resilience) {
        CloseableHttpAsyncClient client = resilience
                .install(HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .disableCookieManagement()
                        .disableContentCompression())
                .build();
        client.start();
        return client;
    }

    static Resilience.Builder resilience(HotConnectionManager manager) {
        return Resilience.builder().manager(manager);
    }
}
