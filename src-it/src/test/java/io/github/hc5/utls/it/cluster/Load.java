package io.github.hc5.utls.it.cluster;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.pool.PoolSettings;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** A node in this process that sends requests without pause. */
@SuppressWarnings("FutureReturnValueIgnored") // the callback has the outcome
final class Load implements AutoCloseable {

    final RedisLeasePermits permits;
    final HotConnectionManager manager;
    final AtomicLong answered = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CloseableHttpAsyncClient client;
    private final String uri;
    private volatile boolean stopped;

    Load(ClusterSettings settings, String uri, int concurrency) {
        permits = RedisLeasePermits.connect(settings);
        manager = HotConnectionManagerBuilder.create()
                .setLeasePermits(permits)
                .setPoolSettings(PoolSettings.builder()
                        .maxPerRoute(2000)
                        .maxTotal(2000)
                        .maxIdle(2000)
                        .build())
                .build();
        client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .disableAutomaticRetries()
                .build();
        client.start();
        this.uri = uri;
        for (int i = 0; i < concurrency; i++) {
            send();
        }
    }

    private void send() {
        if (stopped) {
            return;
        }
        SimpleHttpRequest request = SimpleRequestBuilder.get(uri).build();
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.ofSeconds(30))
                .setResponseTimeout(Timeout.ofSeconds(30))
                .build());
        client.execute(request, new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                answered.incrementAndGet();
                send();
            }

            @Override
            public void failed(Exception cause) {
                if (!stopped) {
                    failure.set(cause);
                    failed.incrementAndGet();
                }
            }

            @Override
            public void cancelled() {}
        });
    }

    /** Waits for so many more answers. */
    void progress(long more) {
        long enough = answered.get() + more;
        Await.until(
                20_000,
                () -> "answers: " + answered + ", failed: " + failed + " " + failure + " " + permits.health() + " "
                        + manager.snapshot(),
                () -> answered.get() >= enough);
    }

    @Override
    public void close() {
        stopped = true;
        client.close(CloseMode.IMMEDIATE);
        manager.close(CloseMode.IMMEDIATE);
        permits.close();
    }
}
