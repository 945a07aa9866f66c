package io.github.hc5.utls.it.cluster;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.it.CostRounds;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.pool.LeasePermits;
import io.github.hc5.utls.pool.PoolSettings;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;

/** What a limit in Redis costs on warm connections: {@code src-it/bench-cost cluster [rounds] [seconds]}. */
@SuppressWarnings("SystemOut")
final class ClusterCost {

    private static final int CONNECTIONS = 128;

    private ClusterCost() {}

    public static void main(String[] args) throws Exception {
        try (RedisServer redis = RedisServer.running();
                CountingServer server = new CountingServer(Integer.MAX_VALUE);
                RedisLeasePermits permits = RedisLeasePermits.connect(ClusterSettings.builder(redis.uri())
                        .maxPerHost(CONNECTIONS)
                        .build());
                CloseableHttpAsyncClient without = client(LeasePermits.unlimited());
                CloseableHttpAsyncClient with = client(permits)) {
            Await.until("up", () -> permits.health().state() == ClusterState.UP);
            String url = "http://127.0.0.1:" + server.port() + "/";
            new CostRounds(without, with, url, CountingServer.THREADS).run(args);
            System.out.println(
                    permits.held() + " permits held, Redis " + permits.health().state());
        }
    }

    private static CloseableHttpAsyncClient client(LeasePermits permits) {
        HotConnectionManager manager = HotConnectionManagerBuilder.create()
                .setLeasePermits(permits)
                .setPoolSettings(PoolSettings.builder()
                        .maxPerRoute(CONNECTIONS)
                        .maxTotal(CONNECTIONS)
                        .maxIdle(CONNECTIONS)
                        .build())
                .build();
        CloseableHttpAsyncClient client =
                HttpAsyncClients.custom().setConnectionManager(manager).build();
        client.start();
        return client;
    }
}
