package io.github.hc5.utls.it.cluster;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.pool.LeasePermits;
import io.github.hc5.utls.pool.PoolSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.FutureCallback;

/** Run by hand: requests per second on warm connections, without and with a limit in Redis. Arguments: rounds, seconds. */
@SuppressWarnings("SystemOut")
final class ClusterCost {

    private static final int CONCURRENCY = 128;

    private ClusterCost() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        try (RedisServer redis = RedisServer.running();
                CountingServer server = new CountingServer(Integer.MAX_VALUE);
                RedisLeasePermits permits = RedisLeasePermits.connect(ClusterSettings.builder(redis.uri())
                        .maxPerHost(CONCURRENCY)
                        .build());
                CloseableHttpAsyncClient without = client(LeasePermits.unlimited());
                CloseableHttpAsyncClient with = client(permits)) {
            Await.until("up", () -> permits.health().state() == ClusterState.UP);
            String url = "http://127.0.0.1:" + server.port() + "/";
            measure(without, url, seconds);
            measure(with, url, seconds);
            List<Double> off = new ArrayList<>();
            List<Double> on = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                off.add(measure(without, url, seconds));
                on.add(measure(with, url, seconds));
            }
            System.out.printf(
                    Locale.ROOT,
                    "off: %.0f requests/s, on: %.0f requests/s (%.3f x), %d permits held, Redis %s%n",
                    median(off),
                    median(on),
                    median(on) / median(off),
                    permits.held(),
                    permits.health().state());
        }
    }

    private static CloseableHttpAsyncClient client(LeasePermits permits) {
        HotConnectionManager manager = HotConnectionManagerBuilder.create()
                .setLeasePermits(permits)
                .setPoolSettings(PoolSettings.builder()
                        .maxPerRoute(CONCURRENCY)
                        .maxTotal(CONCURRENCY)
                        .maxIdle(CONCURRENCY)
                        .build())
                .build();
        CloseableHttpAsyncClient client =
                HttpAsyncClients.custom().setConnectionManager(manager).build();
        client.start();
        return client;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static double measure(CloseableHttpAsyncClient client, String url, int seconds) throws Exception {
        long start = System.nanoTime();
        long until = start + seconds * 1_000_000_000L;
        AtomicLong done = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(CONCURRENCY);
        for (int i = 0; i < CONCURRENCY; i++) {
            new FutureCallback<SimpleHttpResponse>() {
                void next() {
                    if (System.nanoTime() - until >= 0) {
                        ended.countDown();
                        return;
                    }
                    Future<SimpleHttpResponse> unused =
                            client.execute(SimpleRequestBuilder.get(url).build(), this);
                }

                @Override
                public void completed(SimpleHttpResponse response) {
                    done.incrementAndGet();
                    next();
                }

                @Override
                public void failed(Exception cause) {
                    throw new IllegalStateException(cause);
                }

                @Override
                public void cancelled() {
                    throw new IllegalStateException("cancelled");
                }
            }.next();
        }
        ended.await();
        return done.get() / ((System.nanoTime() - start) / 1e9);
    }
}
