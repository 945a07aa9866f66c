package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import io.github.hc5.utls.cluster.RedisHostRate;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
