package io.github.hc5.utls.it.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.http.ExchangeAttributes;
import io.github.hc5.utls.pool.ConnectionSnapshot;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolFigures;
import io.github.hc5.utls.pool.PoolSnapshot;
import io.github.hc5.utls.pool.RouteSnapshot;
import java.util.Objects;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be seen of a pool while it works. */
class VisibilityTest {

    @ParameterizedTest
    @EnumSource(
            value = HttpVersionPolicy.class,
            names = {"NEGOTIATE", "FORCE_HTTP_1"})
    void theProfileIsInTheSnapshotAndInTheContextOfTheExchange(HttpVersionPolicy policy) throws Exception {
        try (LiveHost host = new LiveHost(policy, 1);
                HotConnectionManager manager = host.manager().build();
                CloseableHttpAsyncClient client = LiveHost.client(manager)) {
            for (int i = 0; i < 3; i++) {
                HttpClientContext context = HttpClientContext.create();
                assertThat(host.get(client, context)).isEqualTo(200);
                assertThat(context.getAttribute(ExchangeAttributes.PROFILE))
                        .isEqualTo(BrowserProfiles.find(LiveHost.PROFILE));
            }

            PoolSnapshot snapshot = manager.snapshot();
            RouteSnapshot route = snapshot.routes().get(0);
            for (ConnectionSnapshot connection : route.connections()) {
                assertThat(connection.profile()).isEqualTo(LiveHost.PROFILE);
                assertThat(connection.healthy()).isTrue();
                assertThat(connection.resumed()).isFalse();
            }
            PoolFigures figures = Objects.requireNonNull(snapshot.profiles().get(LiveHost.PROFILE));
            assertThat(figures.requests()).isEqualTo(3);
            assertThat(figures.connections().handshakes())
                    .isEqualTo(route.connections().size());
            assertThat(figures.connections().handshakeTime()).isPositive();
            // a browser's headers, three times; on HTTP/2 its preface too
            assertThat(figures.connections().bytesSent()).isBetween(300L, 10_000L);
            assertThat(figures.connections().bytesReceived()).isBetween(3L * "127.0.7.1".length(), 10_000L);
            assertThat(figures.responseTimes().max()).isPositive();
            assertThat(snapshot.addresses().get(host.address(0))).isEqualTo(figures);
            assertThat(snapshot.hosts()).containsOnlyKeys(host.host());
            assertThat(snapshot.resources().poolThreads()).isPositive();
        }
    }
}
