package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.pool.LeasePermits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;

/** What the permits cost, counted by Redis itself. */
class RoundTripsTest {

    private static final int DIALS = 1000;

    @Test
    void aBurstOfDialsCostsLessThanOneRoundTripEach() throws Exception {
        try (RedisServer redis = RedisServer.running();
                RedisLeasePermits permits = RedisLeasePermits.connect(ClusterSettings.builder(redis.uri())
                        .maxPerHost(DIALS)
                        .maxTotal(DIALS)
                        // what is counted is dialling alone, however long that takes on a busy machine: no renewing
                        .lease(Duration.ofMinutes(30))
                        .heartbeat(Duration.ofMinutes(5))
                        .build())) {
            Await.until("up", () -> permits.health().state() == ClusterState.UP);
            long before = commands(redis);
            HttpRoute route = new HttpRoute(new HttpHost("https", "target.example", 443));
            List<CompletableFuture<LeasePermits.Permit>> granted = new ArrayList<>();
            for (int i = 0; i < DIALS; i++) {
                granted.add(permits.acquire(route, Duration.ofSeconds(30), permit -> {})
                        .toCompletableFuture());
            }
            for (CompletableFuture<LeasePermits.Permit> permit : granted) {
                permit.get(30, TimeUnit.SECONDS);
            }
            long spent = commands(redis) - before;
            System.out.printf("%d dials: %d round trips to Redis%n", DIALS, spent);
            assertThat(spent).isLessThanOrEqualTo(DIALS);
            assertThat(permits.held()).isEqualTo(DIALS);
            assertThat(redis.command("ZCARD", "{utls:permits:host:target.example}:timeout"))
                    .isEqualTo(":" + DIALS);

            CompletableFuture<LeasePermits.Permit> more =
                    permits.acquire(route, Duration.ofSeconds(30), permit -> {}).toCompletableFuture();
            granted.get(0).get().release();
            more.get(30, TimeUnit.SECONDS).release();
            for (int i = 1; i < DIALS; i++) {
                granted.get(i).get().release();
            }
            Await.until("all are back", () -> permits.held() == 0);
        }
    }

    /** Without those that scripts call, which are counted as commands but no round trips. */
    private static long commands(RedisServer redis) throws java.io.IOException {
        return redis.command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("^[^:]*:calls=(\\d+).*", "$1")))
                .sum();
    }
}
