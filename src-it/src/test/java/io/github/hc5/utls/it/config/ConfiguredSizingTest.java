package io.github.hc5.utls.it.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.UtlsParts;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that follow the load because a file says so. */
class ConfiguredSizingTest {

    private static final int CONCURRENCY = 24;

    @TempDir
    Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger failed = new AtomicInteger();
    private final Semaphore ended = new Semaphore(0);

    @Test
    void theLimitsRiseWithTheLoadAndFallAfterIt() throws Exception {
        try (MirrorServer mirror = MirrorServer.start(MirrorSettings.defaults())) {
            Path authority = folder.resolve("ca.pem");
            mirror.writeCa(authority);
            UtlsParts parts = UtlsParts.of(ConfigLoader.empty()
                    .text(
                            "utls.toml",
                            String.join(
                                    "\n",
                                    "tls.trust_store = \"" + authority + "\"",
                                    "tls.http_version = \"http1\"",
                                    "[pool]",
                                    "max_connections = 10",
                                    "[sizing]",
                                    "enabled = true",
                                    "interval = 1",
                                    "base = 10",
                                    "ceiling = 18"))
                    .load());
            HotConnectionManager manager = parts.manager();
            try (CloseableHttpAsyncClient client = parts.asyncClient()) {
                assertThat(manager.getMaxTotal()).isEqualTo(10);
                for (int i = 0; i < CONCURRENCY; i++) {
                    send(client, mirror.url() + "delay/20");
                }
                Await.until("the ceiling", () -> manager.getMaxTotal() == 18);
                Await.until("connections up to it", () -> manager.snapshot().open() == 18);

                over.set(true);
                ended.acquire(CONCURRENCY);
                Await.until("the base again", () -> manager.getMaxTotal() == 10);
                assertThat(failed.get()).isZero();
            }
        }
    }

    /** Sends again and again, until it is over. */
    private void send(CloseableHttpAsyncClient client, String uri) {
        var unused = client.execute(SimpleRequestBuilder.get(uri).build(), new FutureCallback<SimpleHttpResponse>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                if (over.get()) {
                    ended.release();
                } else {
                    send(client, uri);
                }
            }

            @Override
            public void failed(Exception cause) {
                failed.incrementAndGet();
                ended.release();
            }

            @Override
            public void cancelled() {
                failed.incrementAndGet();
                ended.release();
            }
        });
    }
}
