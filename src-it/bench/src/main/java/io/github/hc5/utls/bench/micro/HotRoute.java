package io.github.hc5.utls.bench.micro;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolSettings;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** A hot manager with open connections to one host that are neither used nor checked. */
final class HotRoute implements Closeable {

    final HotConnectionManager manager;
    final HttpRoute route;
    private final IdlePeer peer;

    HotRoute(int addresses, int connections, HttpVersionPolicy version) throws Exception {
        peer = new IdlePeer(addresses);
        route = new HttpRoute(new HttpHost("http", "bench.test", peer.port()));
        manager = Utls.connectionManagerBuilder(io.github.hc5.utls.fingerprint.FingerprintPolicy.fixed(
                        io.github.hc5.utls.fingerprint.BrowserProfiles.find("chrome")))
                .setDnsResolver(peer)
                .setDefaultTlsConfig(
                        TlsConfig.custom().setVersionPolicy(version).build())
                .setPoolSettings(PoolSettings.builder()
                        .maxTotal(connections)
                        .maxPerRoute(connections)
                        .maxIdle(connections)
                        .checkInterval(Duration.ZERO)
                        .idleTimeout(Duration.ZERO)
                        .maxLifetime(Duration.ZERO)
                        .build())
                .build();
        List<AsyncConnectionEndpoint> leased = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            AsyncConnectionEndpoint endpoint = manager.lease("open", route, null, Timeout.ofSeconds(10), null)
                    .get(10, TimeUnit.SECONDS);
            if (!endpoint.isConnected()) {
                manager.connect(endpoint, null, null, null, null, null).get(10, TimeUnit.SECONDS);
            }
            leased.add(endpoint);
        }
        leased.forEach(this::release);
    }

    AsyncConnectionEndpoint lease() throws Exception {
        return manager.lease("id", route, null, Timeout.DISABLED, null).get();
    }

    void release(AsyncConnectionEndpoint endpoint) {
        manager.release(endpoint, null, TimeValue.NEG_ONE_MILLISECOND);
    }

    @Override
    public void close() throws IOException {
        manager.close(CloseMode.IMMEDIATE);
        peer.close();
    }
}
