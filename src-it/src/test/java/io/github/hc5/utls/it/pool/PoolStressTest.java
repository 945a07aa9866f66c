package io.github.hc5.utls.it.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.pool.PoolSnapshot;
import io.github.hc5.utls.pool.RouteSnapshot;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;

/**
 * Real threads and sockets, servers of both protocols that reset, stall, say GOAWAY and close at random, a client that
 * cancels at random: every request ends exactly once, no limit is exceeded, no lease is left, and the pool works after.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome shows elsewhere
class PoolStressTest {

    private static final int EXCHANGES = Scale.of(12_000, 200_000);
    private static final int CONCURRENCY = 256;
    private static final int PER_ROUTE = 20;
    private static final int TOTAL = 30;

    @Test
    void everyRequestEndsExactlyOnceAndNoLeaseIsLeft() throws Exception {
        AtomicBoolean faulty = new AtomicBoolean(true);
        AtomicLong seeds = new AtomicLong(1);
        AtomicIntegerArray ends = new AtomicIntegerArray(EXCHANGES);
        AtomicInteger succeeded = new AtomicInteger();
        try (FrameServer http2 =
                        FrameServer.http2(() -> new FaultyHttp2(new Random(seeds.incrementAndGet()), faulty::get));
                FrameServer http1 =
                        FrameServer.http1(() -> new FaultyHttp1(new Random(seeds.incrementAndGet()), faulty::get))) {
            HotConnectionManager manager = Clients.hot()
                    .setPoolSettings(PoolSettings.builder()
                            .maxPerRoute(PER_ROUTE)
                            .maxTotal(TOTAL)
                            .idleTimeout(Duration.ofMillis(700))
                            .maxLifetime(Duration.ofSeconds(2))
                            .checkInterval(Duration.ofMillis(300))
                            .build())
                    .build();
            CloseableHttpAsyncClient client = Clients.start(manager);
            Semaphore slots = new Semaphore(CONCURRENCY);
            CountDownLatch all = new CountDownLatch(EXCHANGES);
            for (int i = 0; i < EXCHANGES; i++) {
                assertThat(slots.tryAcquire(60, TimeUnit.SECONDS))
                        .as("%d requests hang; %s", CONCURRENCY, manager.snapshot())
                        .isTrue();
                if (i % 100 == 0) {
                    checkLimits(manager.snapshot());
                }
                int number = i;
                String uri = i % 2 == 0 ? http2.uri("/" + i) : http1.uri("/" + i);
                Future<SimpleHttpResponse> future = client.execute(request(uri), new FutureCallback<>() {
                    @Override
                    public void completed(SimpleHttpResponse response) {
                        succeeded.incrementAndGet();
                        ended();
                    }

                    @Override
                    public void failed(Exception cause) {
                        ended();
                    }

                    @Override
                    public void cancelled() {
                        ended();
                    }

                    private void ended() {
                        ends.incrementAndGet(number);
                        slots.release();
                        all.countDown();
                    }
                });
                if (ThreadLocalRandom.current().nextInt(40) == 0) {
                    future.cancel(true);
                }
            }
            assertThat(all.await(120, TimeUnit.SECONDS))
                    .as("%d requests have not ended; %s", all.getCount(), manager.snapshot())
                    .isTrue();
            for (int i = 0; i < EXCHANGES; i++) {
                assertThat(ends.get(i)).as("ends of request %d", i).isEqualTo(1);
            }
            assertThat(succeeded.get()).as("requests that succeeded").isGreaterThan(EXCHANGES / 2);
            Await.until("every lease is back", () -> manager.snapshot().inFlight() == 0);
            assertThat(manager.snapshot().waiting()).isZero();

            faulty.set(false);
            manager.retireIdle();
            for (int i = 0; i < 50; i++) {
                String uri = i % 2 == 0 ? http2.uri("/after") : http1.uri("/after");
                assertThat(client.execute(request(uri), null)
                                .get(30, TimeUnit.SECONDS)
                                .getBodyText())
                        .isEqualTo("hello");
            }
            manager.close(CloseMode.GRACEFUL);
            assertThat(manager.snapshot().open()).isZero();
            client.close(CloseMode.IMMEDIATE);
        }
    }

    private static void checkLimits(PoolSnapshot snapshot) {
        assertThat(snapshot.open()).isLessThanOrEqualTo(TOTAL);
        for (RouteSnapshot route : snapshot.routes()) {
            assertThat(route.connections()).hasSizeLessThanOrEqualTo(PER_ROUTE);
        }
    }

    private static SimpleHttpRequest request(String uri) {
        SimpleHttpRequest request = SimpleHttpRequest.create("GET", uri);
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.ofMilliseconds(500))
                .setConnectionRequestTimeout(Timeout.ofSeconds(60))
                .build());
        return request;
    }
}
