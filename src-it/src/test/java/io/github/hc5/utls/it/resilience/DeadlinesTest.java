package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.LeaseScheduling;
import io.github.hc5.utls.resilience.Resilience;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Four times more work than the connections can do: the urgent is done in time, and the rest goes on. It is about real time,
 * which a busy machine does not have; every build has the same in simulated time, at the pool's LeaseQueue.
 */
@Timeout(120)
@EnabledIfSystemProperty(named = "utls.full", matches = "true")
class DeadlinesTest {

    private static final int CONNECTIONS = 8;
    private static final long SERVICE_MILLIS = 20;
    private static final Duration BUDGET = Duration.ofMillis(200);

    private final List<Long> urgentMillis = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> burstMillis = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger urgentFailed = new AtomicInteger();
    private final AtomicInteger burstDone = new AtomicInteger();
    private final AtomicInteger burstFailed = new AtomicInteger();

    private void send(CloseableHttpAsyncClient client, int port, boolean urgent, CountDownLatch ended) {
        SimpleHttpRequest request = SimpleRequestBuilder.get("http://" + World.HOST + ":" + port + "/")
                .build();
        HttpClientContext context = HttpClientContext.create();
        if (urgent) {
            context.setAttribute(Resilience.OPERATION_TIMEOUT, BUDGET);
        }
        long start = System.nanoTime();
        Future<SimpleHttpResponse> unused = client.execute(request, context, new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                (urgent ? urgentMillis : burstMillis).add((System.nanoTime() - start) / 1_000_000);
                if (!urgent) {
                    burstDone.incrementAndGet();
                }
                ended.countDown();
            }

            @Override
            public void failed(Exception cause) {
                (urgent ? urgentFailed : burstFailed).incrementAndGet();
                ended.countDown();
            }

            @Override
            public void cancelled() {
                failed(new IOException("cancelled"));
            }
        });
    }

    /**
     * Work arrives by the clock at four times the rate at which the connections can do it: half of what they can do is
     * urgent, seven times as much is not.
     */
    @Test
    void urgentRequestsAreDoneInTimeAndTheOthersProgress() throws Exception {
        int ticks = Scale.of(60, 600);
        long tickMillis = 2 * SERVICE_MILLIS;
        int urgentEach = CONNECTIONS;
        int burstEach = 7 * CONNECTIONS;
        try (SlowServer server = new SlowServer(SERVICE_MILLIS);
                HotConnectionManager manager = World.manager(List.of(server.address()), CONNECTIONS)
                        .setLeaseScheduling(LeaseScheduling.byDeadline(Duration.ofMillis(500)))
                        .build();
                CloseableHttpAsyncClient client =
                        World.client(manager, World.resilience(manager).build())) {
            CountDownLatch warm = new CountDownLatch(2000);
            for (int i = 0; i < 2000; i++) {
                send(client, server.port(), false, warm);
            }
            assertThat(warm.await(60, TimeUnit.SECONDS)).isTrue();
            burstDone.set(0);
            burstMillis.clear();
            CountDownLatch ended = new CountDownLatch(ticks * (urgentEach + burstEach));
            AtomicInteger ticked = new AtomicInteger();
            AtomicInteger burstDoneAtTheEnd = new AtomicInteger();
            ScheduledExecutorService clock = new ScheduledThreadPoolExecutor(1);
            try {
                Future<?> unused = clock.scheduleAtFixedRate(
                        () -> {
                            int tick = ticked.getAndIncrement();
                            if (tick == ticks) {
                                burstDoneAtTheEnd.set(burstDone.get());
                            }
                            if (tick >= ticks) {
                                return;
                            }
                            for (int i = 0; i < burstEach; i++) {
                                send(client, server.port(), false, ended);
                            }
                            for (int i = 0; i < urgentEach; i++) {
                                send(client, server.port(), true, ended);
                            }
                        },
                        0,
                        tickMillis,
                        TimeUnit.MILLISECONDS);
                assertThat(ended.await(100, TimeUnit.SECONDS)).isTrue();
            } finally {
                clock.shutdownNow();
            }

            List<Long> sorted = urgentMillis.stream().sorted().toList();
            int urgent = ticks * urgentEach;
            // of those answered: a little over the budget is what telling the caller takes
            long p99 = sorted.get((int) (0.99 * sorted.size()) - 1);
            System.out.printf(
                    "%d urgent: p50 %d ms, p99 %d ms, max %d ms, %d late; %d others: %d done meanwhile, %d failed%n",
                    urgent,
                    sorted.get(sorted.size() / 2),
                    p99,
                    sorted.get(sorted.size() - 1),
                    urgentFailed.get(),
                    ticks * burstEach,
                    burstDoneAtTheEnd.get(),
                    burstFailed.get());
            // a deadline ends its request, so in time is what did not fail; short forms also run on busy machines
            assertThat(urgentFailed.get()).isLessThanOrEqualTo(urgent / Scale.of(4, 100));
            assertThat(p99).isLessThanOrEqualTo(BUDGET.toMillis());
            assertThat(burstMillis.stream().sorted().toList().get(burstMillis.size() / 2))
                    .as("the others wait, as there is four times too much to do")
                    .isGreaterThan(p99);
            assertThat(burstDoneAtTheEnd.get())
                    .as("a fifth of the grants is for the others, while both wait")
                    .isGreaterThan(ticks * urgentEach / 8);
        }
    }
}
