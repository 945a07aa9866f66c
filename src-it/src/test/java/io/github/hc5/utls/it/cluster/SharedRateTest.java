package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import io.github.hc5.utls.cluster.RedisHostRate;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.resilience.HostLimitException;
import io.github.hc5.utls.resilience.RateSettings;
import io.github.hc5.utls.resilience.Resilience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.junit.jupiter.api.Test;

/** A rate that two nodes share. */
class SharedRateTest {

    @Test
    void twoNodesHaveOneRateByHost() throws Exception {
        try (RedisServer redis = RedisServer.running();
                RedisLeasePermits one = connect(redis);
                RedisLeasePermits two = connect(redis)) {
            RedisHostRate first = one.rate(10, Duration.ofHours(1));
            RedisHostRate second = two.rate(10, Duration.ofHours(1));
            for (int i = 0; i < 5; i++) {
                pass(first, "a.example");
                pass(second, "A.example");
            }
            assertThatThrownBy(() -> first.acquire("a.example", Duration.ofMillis(50))
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TimeoutException.class);
            pass(second, "b.example");
            redis.command("FLUSHALL");
            pass(second, "a.example");
            assertThat(one.health().state()).isEqualTo(ClusterState.UP);
            assertThat(two.health().state()).isEqualTo(ClusterState.UP);
        }
    }

    @Test
    void clientsOfTwoNodesKeepToOneRate() throws Exception {
        try (RedisServer redis = RedisServer.running();
                CountingServer server = new CountingServer(1000);
                RedisLeasePermits one = connect(redis);
                RedisLeasePermits two = connect(redis);
                CloseableHttpAsyncClient first = client(one);
                CloseableHttpAsyncClient second = client(two)) {
            String uri = "http://127.0.0.1:" + server.port() + "/";
            for (int i = 0; i < 4; i++) {
                SimpleHttpResponse response = (i % 2 == 0 ? first : second)
                        .execute(SimpleRequestBuilder.get(uri).build(), null)
                        .get(30, TimeUnit.SECONDS);
                assertThat(response.getCode()).isEqualTo(200);
            }
            for (CloseableHttpAsyncClient client : List.of(first, second)) {
                assertThatThrownBy(() -> client.execute(
                                        SimpleRequestBuilder.get(uri).build(), null)
                                .get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(HostLimitException.class)
                        .hasMessageContaining("the rate shared with other machines");
            }
            assertThat(server.answered()).isEqualTo(4);
        }
    }

    private static CloseableHttpAsyncClient client(RedisLeasePermits permits) {
        Resilience resilience = Resilience.builder()
                .sharedRate(permits.rate(4, Duration.ofHours(1))::acquire)
                .rate(RateSettings.builder().maxWait(Duration.ofMillis(300)).build())
                .build();
        CloseableHttpAsyncClient client = resilience
                .install(HttpAsyncClients.custom()
                        .setConnectionManager(
                                HotConnectionManagerBuilder.create().build()))
                .build();
        client.start();
        return client;
    }

    private static void pass(RedisHostRate rate, String host) throws Exception {
        rate.acquire(host, Duration.ofSeconds(10)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static RedisLeasePermits connect(RedisServer redis) {
        RedisLeasePermits permits =
                RedisLeasePermits.connect(ClusterSettings.builder(redis.uri()).build());
        Await.until("up", () -> permits.health().state() == ClusterState.UP);
        return permits;
    }
}
