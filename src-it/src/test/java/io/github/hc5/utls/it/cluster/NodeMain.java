package io.github.hc5.utls.it.cluster;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.resilience.UtlsRetryStrategy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.util.Timeout;

/** A node as a process of its own: sends requests without pause, and says each 100 ms how many were answered and failed. */
@SuppressWarnings({"FutureReturnValueIgnored", "SystemOut"
}) // the callback has the outcome; the parent reads the output
final class NodeMain {

    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final CloseableHttpAsyncClient client;
    private final String uri;

    private NodeMain(CloseableHttpAsyncClient client, String uri) {
        this.client = client;
        this.uri = uri;
    }

    /** Arguments: address of Redis, limit by host, lease in ms, URI, concurrent requests, timeout of Redis in ms. */
    public static void main(String[] args) throws Exception {
        RedisLeasePermits permits = RedisLeasePermits.connect(ClusterSettings.builder(args[0])
                .maxPerHost(Integer.parseInt(args[1]))
                .lease(Duration.ofMillis(Long.parseLong(args[2])))
                .heartbeat(Duration.ofMillis(Long.parseLong(args[2]) / 6))
                .timeout(Duration.ofMillis(Long.parseLong(args[5])))
                .build());
        HotConnectionManager manager = HotConnectionManagerBuilder.create()
                .setLeasePermits(permits)
                .setPoolSettings(
                        PoolSettings.builder().maxPerRoute(1000).maxTotal(2000).build())
                .build();
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                // the cap may close a connection just as a request is given to it
                .setRetryStrategy(new UtlsRetryStrategy())
                .build();
        client.start();
        NodeMain node = new NodeMain(client, args[3]);
        for (int i = 0; i < Integer.parseInt(args[4]); i++) {
            node.send();
        }
        // the parent ends the process
        while (true) {
            System.out.println(node.answered.get() + " " + node.failed.get() + " " + permits.held() + " "
                    + permits.health().state());
            Thread.sleep(100);
        }
    }

    private void send() {
        SimpleHttpRequest request = SimpleRequestBuilder.get(uri).build();
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.ofSeconds(60))
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
                failed.incrementAndGet();
                System.out.println("# " + cause);
                send();
            }

            @Override
            public void cancelled() {}
        });
    }
}
