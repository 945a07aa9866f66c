package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that must not be used again are not. */
class ReuseTest {

    private static CloseableHttpAsyncClient client(HotConnectionManager manager) {
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .disableAutomaticRetries()
                .build();
        client.start();
        return client;
    }

    private static void get(CloseableHttpAsyncClient client, LoopbackServer server) throws Exception {
        assertThat(client.execute(SimpleHttpRequest.create("GET", server.uri("/")), null)
                        .get(30, TimeUnit.SECONDS)
                        .getCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStrategyThatSaysNoOpensAConnectionForEachRequest(boolean tls) throws Exception {
        try (LoopbackServer server = new LoopbackServer(HttpVersionPolicy.FORCE_HTTP_1, tls, 100);
                HotConnectionManager manager = HotConnectionManagerBuilder.create()
                        .setTlsStrategy(server.clientTls())
                        .setConnectionReuseStrategy((request, response, context) -> false)
                        .build();
                CloseableHttpAsyncClient client = client(manager)) {
            for (int i = 0; i < 5; i++) {
                get(client, server);
            }
            assertThat(server.accepted()).isEqualTo(5);
            Await.until("nothing is open", () -> manager.snapshot().open() == 0);
        }
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void theSystemPropertyThatStockHeedsIsHeeded() throws Exception {
        System.setProperty("http.keepAlive", "false");
        try (LoopbackServer server = LoopbackServer.http1();
                HotConnectionManager manager = HotConnectionManagerBuilder.create()
                        .setTlsStrategy(server.clientTls())
                        .useSystemProperties()
                        .build();
                CloseableHttpAsyncClient client = client(manager)) {
            for (int i = 0; i < 3; i++) {
                get(client, server);
            }
            assertThat(server.accepted()).isEqualTo(3);
        } finally {
            System.clearProperty("http.keepAlive");
        }
    }

    @Test
    void aConnectionThatItsHolderClosedIsNotLeasedAgain() throws Exception {
        try (LoopbackServer server = LoopbackServer.http1();
                HotConnectionManager manager = HotConnectionManagerBuilder.create()
                        .setTlsStrategy(server.clientTls())
                        .build()) {
            HttpRoute route = new HttpRoute(new HttpHost("https", "127.0.0.1", server.port()), null, true);
            Set<String> connections = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                AsyncConnectionEndpoint endpoint = connected(manager, route);
                connections.add(endpoint.toString());
                endpoint.close(CloseMode.IMMEDIATE);
                manager.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
            }
            assertThat(connections).hasSize(3);
            Await.until("nothing is open", () -> manager.snapshot().open() == 0);
        }
    }

    /** As with the stock manager: only a positive duration limits the reuse. */
    @ParameterizedTest
    @ValueSource(longs = {-1, 0})
    void aKeepAliveTimeThatIsNotPositiveIsNoLimit(long keepAlive) throws Exception {
        try (LoopbackServer server = LoopbackServer.http1();
                HotConnectionManager manager = HotConnectionManagerBuilder.create()
                        .setTlsStrategy(server.clientTls())
                        .build()) {
            HttpRoute route = new HttpRoute(new HttpHost("https", "127.0.0.1", server.port()), null, true);
            Set<String> connections = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                AsyncConnectionEndpoint endpoint = connected(manager, route);
                connections.add(endpoint.toString());
                manager.release(endpoint, null, TimeValue.ofMilliseconds(keepAlive));
            }
            assertThat(connections).hasSize(1);
        }
    }

    private static AsyncConnectionEndpoint connected(HotConnectionManager manager, HttpRoute route) throws Exception {
        AsyncConnectionEndpoint endpoint =
                manager.lease("id", route, null, null, null).get(30, TimeUnit.SECONDS);
        if (!endpoint.isConnected()) {
            manager.connect(endpoint, null, null, null, null, null).get(30, TimeUnit.SECONDS);
        }
        return endpoint;
    }
}
