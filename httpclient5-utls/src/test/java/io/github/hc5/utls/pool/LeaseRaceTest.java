package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads that lease and release one connection at the same time: none waits for ever, none gets more than allowed. */
class LeaseRaceTest {

    private static final int THREADS = 8;
    private static final int EACH = 20_000;

    private final AtomicInteger out = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"true, 3", "true, 1", "false, 1"})
    void everyLeaseIsServed(boolean http2, int streams) throws Exception {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1).checkInterval(java.time.Duration.ZERO));
        world.release(world.open(http2, streams));
        CountDownLatch served = new CountDownLatch(THREADS * EACH);
        Thread[] threads = new Thread[THREADS];
        for (int t = 0; t < THREADS; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < EACH; i++) {
                    lease(world.manager, served);
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(served.await(20, TimeUnit.SECONDS))
                .as("%d leases were not served; %s", served.getCount(), world.manager.snapshot())
                .isTrue();
        assertThat(most.get()).isLessThanOrEqualTo(streams);
        assertThat(world.manager.snapshot().inFlight()).isZero();
        assertThat(world.manager.idle()).isEqualTo(1);
    }

    private void lease(HotConnectionManager manager, CountDownLatch served) {
        FutureCallback<AsyncConnectionEndpoint> callback = new FutureCallback<>() {
            @Override
            public void completed(AsyncConnectionEndpoint endpoint) {
                most.accumulateAndGet(out.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                out.decrementAndGet();
                manager.release(endpoint, null, TimeValue.NEG_ONE_MILLISECOND);
                served.countDown();
            }

            @Override
            public void failed(Exception cause) {
                throw new AssertionError(cause);
            }

            @Override
            public void cancelled() {
                throw new AssertionError("cancelled");
            }
        };
        assertThat(manager.lease("id", PoolWorld.HOST, null, Timeout.DISABLED, callback))
                .isNotNull();
    }
}
