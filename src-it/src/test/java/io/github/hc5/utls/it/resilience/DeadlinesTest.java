package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.LeaseScheduling;
import io.github.hc5.utls.resilience.Resilience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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
 * Four times more work than the connections can do: the urgent is done in time, and the rest goes on. Every build has the
 * same in simulated time, at the pool's LeaseQueue; here it is about real time, which a busy machine does not have. What is
 * held against the pool is therefore measured against what the server could do:
 *
 * <ul>
 *   <li>a request is judged only if {@link MachineControl} got its exchanges done while the request lived and for a while
 *       before, from which a queue may have been left;
 *   <li>work that could not be offered in time is left out, not made up for at once: a generator that lags behind must not
 *       offer more than the reserved share of the capacity;
 *   <li>time counts from when a request is handed over, and one that ends at its deadline counts as late, not as missing.
 * </ul>
 */
@Timeout(120)
@EnabledIfSystemProperty(named = "utls.full", matches = "true")
class DeadlinesTest {

    private static final int CONNECTIONS = 8;
    private static final long SERVICE_MILLIS = 20;
    private static final Duration BUDGET = Duration.ofMillis(200);

    /** How long a queue that a standstill of the machine left can be felt: as long as an urgent request can wait, twice. */
    private static final long FELT_NANOS = 2 * BUDGET.toNanos();

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * SERVICE_MILLIS);

    /** Half of what the connections can do. */
    private static final int URGENT_EACH = CONNECTIONS;

    private static final int OTHERS_EACH = 7 * CONNECTIONS;

    private record Urgent(long start, long end, boolean answered) {}

    private final Queue<Urgent> urgent = new ConcurrentLinkedQueue<>();
    private final AtomicInteger othersDone = new AtomicInteger();

    private record Judged(int all, int judged, int late, int others, long p99Millis) {

        double lateShare() {
            return late / (double) judged;
        }
    }

    private void send(CloseableHttpAsyncClient client, int port, boolean isUrgent, CountDownLatch ended) {
        SimpleHttpRequest request = SimpleRequestBuilder.get("http://" + World.HOST + ":" + port + "/")
                .build();
        HttpClientContext context = HttpClientContext.create();
        if (isUrgent) {
            context.setAttribute(Resilience.OPERATION_TIMEOUT, BUDGET);
        }
        long start = System.nanoTime();
        Future<SimpleHttpResponse> unused = client.execute(request, context, new FutureCallback<>() {
            private void end(boolean answered) {
                if (isUrgent) {
                    urgent.add(new Urgent(start, System.nanoTime(), answered));
                } else if (answered) {
                    othersDone.incrementAndGet();
                }
                ended.countDown();
            }

            @Override
            public void completed(SimpleHttpResponse response) {
                end(true);
            }

            @Override
            public void failed(Exception cause) {
                end(false);
            }

            @Override
            public void cancelled() {
                end(false);
            }
        });
    }

    /** Offers four times what the connections can do, by the clock, and judges the urgent part. */
    private Judged offer(LeaseScheduling scheduling, int ticks) throws IOException, InterruptedException {
        MachineControl.Seen machine;
        int others;
        try (SlowServer server = new SlowServer(SERVICE_MILLIS);
                MachineControl control = new MachineControl(SERVICE_MILLIS);
                HotConnectionManager manager = World.manager(List.of(server.address()), CONNECTIONS)
                        .setLeaseScheduling(scheduling)
                        .build();
                CloseableHttpAsyncClient client =
                        World.client(manager, World.resilience(manager).build())) {
            CountDownLatch warm = new CountDownLatch(1200);
            for (int i = 0; i < 1200; i++) {
                send(client, server.port(), false, warm);
            }
            assertThat(warm.await(60, TimeUnit.SECONDS)).isTrue();
            othersDone.set(0);
            CountDownLatch unwatched = new CountDownLatch(0);
            CountDownLatch ended = new CountDownLatch(ticks * URGENT_EACH);
            long next = System.nanoTime();
            for (int tick = 0; tick < ticks; tick++) {
                for (int i = 0; i < OTHERS_EACH; i++) {
                    send(client, server.port(), false, unwatched);
                }
                for (int i = 0; i < URGENT_EACH; i++) {
                    send(client, server.port(), true, ended);
                }
                next = Math.max(next + TICK_NANOS, System.nanoTime());
                while (System.nanoTime() - next < 0) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
            }
            others = othersDone.get();
            assertThat(ended.await(20, TimeUnit.SECONDS))
                    .as("each urgent request ends")
                    .isTrue();
            machine = control.stop();
        }
        return judge(scheduling, machine, others);
    }

    private Judged judge(LeaseScheduling scheduling, MachineControl.Seen machine, int others) {
        List<Urgent> judged = urgent.stream()
                .filter(r -> machine.wasAble(r.start - FELT_NANOS, r.start + BUDGET.toNanos()))
                .toList();
        int late = (int) judged.stream().filter(r -> !r.answered).count();
        long[] millis = judged.stream()
                .mapToLong(r -> r.answered ? (r.end - r.start) / 1_000_000 : Long.MAX_VALUE)
                .sorted()
                .toArray();
        long p99 = millis.length == 0 ? -1 : millis[(int) Math.ceil(0.99 * millis.length) - 1];
        int unanswered = (int) urgent.stream().filter(r -> !r.answered).count();
        System.out.printf(
                "%s: %d urgent, %d of them late; %d while the machine was able, %d of them late, p50 %d ms, p99 %s ms; "
                        + "%d others done%n",
                scheduling.byDeadline() ? "by deadline" : "first come first served",
                urgent.size(),
                unanswered,
                judged.size(),
                late,
                millis.length == 0 || millis[millis.length / 2] == Long.MAX_VALUE ? -1 : millis[millis.length / 2],
                p99 == Long.MAX_VALUE ? "no" : String.valueOf(p99),
                others);
        assumeTrue(
                judged.size() >= urgent.size() / 10,
                "the machine was too busy to tell: plain sockets did not get their exchanges done either");
        return new Judged(urgent.size(), judged.size(), late, others, p99);
    }

    @Test
    void urgentRequestsAreDoneInTimeAndTheOthersProgress() throws Exception {
        Judged judged = offer(LeaseScheduling.byDeadline(Duration.ofMillis(500)), Scale.of(60, 600));

        // one that was not answered has no time, and is above any
        assertThat(judged.p99Millis()).isBetween(0L, BUDGET.toMillis());
        assertThat(judged.others())
                .as("a fifth of the grants is for the others, while both wait")
                .isGreaterThan(judged.all() / 8);
    }

    /** That the test above can fail: by the same measure, a queue without classes is far from it. */
    @Test
    void withoutClassesMostUrgentRequestsAreLate() throws Exception {
        Judged judged = offer(LeaseScheduling.fifo(), Scale.of(60, 150));

        assertThat(judged.lateShare()).isGreaterThan(0.5);
    }
}
