package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseQueueTest {

    private static final LeaseScheduling DEADLINES = LeaseScheduling.byDeadline(Duration.ofMillis(500));

    private final LeaseQueue queue = new LeaseQueue();

    @SuppressWarnings("NullAway") // a queue looks at neither pool nor times
    private static LeaseRequest request(String id, long startMillis, long budgetMillis, @Nullable Object state) {
        long start = TimeUnit.MILLISECONDS.toNanos(startMillis);
        long deadline = budgetMillis == 0 ? LeaseQueue.NONE : start + TimeUnit.MILLISECONDS.toNanos(budgetMillis);
        return new LeaseRequest(id, null, state, null, null, start, deadline, null);
    }

    private void add(String id, long startMillis, long budgetMillis, LeaseScheduling scheduling) {
        queue.add(request(id, startMillis, budgetMillis, null), scheduling);
    }

    private String grant() {
        LeaseRequest first = queue.first();
        assertThat(first).isNotNull();
        queue.removeGranted(first);
        return String.valueOf(first.id);
    }

    private String expired(long millis) {
        LeaseRequest late = queue.pollExpired(TimeUnit.MILLISECONDS.toNanos(millis));
        return late == null ? "none" : String.valueOf(late.id);
    }

    private List<String> grantAll() {
        List<String> order = new ArrayList<>();
        while (!queue.isEmpty()) {
            order.add(grant());
        }
        return order;
    }

    @Test
    void firstComeFirstServedUnlessToldOtherwise() {
        add("a", 0, 0, LeaseScheduling.fifo());
        add("b", 1, 900, LeaseScheduling.fifo());
        add("c", 2, 100, LeaseScheduling.fifo());

        assertThat(grantAll()).containsExactly("a", "b", "c");
    }

    @Test
    void theLeastTimeLeftGoesFirst() {
        add("slow", 0, 0, DEADLINES);
        add("a", 1, 500, DEADLINES);
        add("b", 2, 100, DEADLINES);
        add("c", 3, 300, DEADLINES);

        assertThat(grantAll()).containsExactly("b", "c", "a", "slow");
    }

    @Test
    void theOthersGetEveryFifthGrant() {
        for (int i = 0; i < 12; i++) {
            add("g" + i, i, 200, DEADLINES);
        }
        for (int i = 0; i < 3; i++) {
            add("b" + i, i, 10_000, DEADLINES);
        }
        assertThat(grantAll())
                .containsExactly(
                        "g0", "g1", "g2", "g3", "b0", "g4", "g5", "g6", "g7", "b1", "g8", "g9", "g10", "g11", "b2");
    }

    @Test
    void aWalkMeetsEveryRequestOnce() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            queue.add(request("r" + i, i, 1 + random.nextInt(1000), random.nextBoolean() ? "token" : null), DEADLINES);
        }
        List<String> met = new ArrayList<>();
        for (LeaseRequest r = queue.first(); r != null; ) {
            LeaseRequest next = queue.next();
            met.add(String.valueOf(r.id));
            if (random.nextInt(3) == 0) {
                queue.removeGranted(r);
            }
            r = next;
        }
        assertThat(met).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void expiresThoseOfBothClasses() {
        add("g", 0, 200, DEADLINES);
        add("b", 0, 700, DEADLINES);
        add("never", 0, 0, DEADLINES);

        assertThat(expired(199)).isEqualTo("none");
        assertThat(expired(200)).isEqualTo("g");
        assertThat(expired(200)).isEqualTo("none");
        assertThat(queue.earliestDeadline()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(700));
        assertThat(expired(800)).isEqualTo("b");
        assertThat(queue.size()).isEqualTo(1);
    }

    /** Against a plain list: those whose deadline has passed expire, whatever was granted or cancelled before, and no other. */
    @Test
    void deadlinesInAnyOrderExpireEachInItsTime() {
        Random random = new Random(11);
        List<LeaseRequest> waiting = new ArrayList<>();
        for (int now = 0; now < 3000; now++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                LeaseRequest added =
                        request("r" + now + i, now, random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(900), null);
                queue.add(added, random.nextBoolean() ? DEADLINES : LeaseScheduling.fifo());
                waiting.add(added);
            }
            if (!waiting.isEmpty() && random.nextBoolean()) {
                assertThat(queue.remove(waiting.remove(random.nextInt(waiting.size()))))
                        .isTrue();
            }
            long nanos = TimeUnit.MILLISECONDS.toNanos(now);
            List<LeaseRequest> late = new ArrayList<>();
            for (LeaseRequest r = queue.pollExpired(nanos); r != null; r = queue.pollExpired(nanos)) {
                late.add(r);
            }
            assertThat(late)
                    .containsExactlyInAnyOrderElementsOf(waiting.stream()
                            .filter(r -> r.deadlineNanos <= nanos)
                            .toList());
            waiting.removeAll(late);
            assertThat(queue.earliestDeadline())
                    .isEqualTo(waiting.stream()
                            .mapToLong(r -> r.deadlineNanos)
                            .min()
                            .orElse(LeaseQueue.NONE));
            assertThat(queue.size()).isEqualTo(waiting.size());
        }
    }

    /**
     * A server of ten connections, 20 ms each, asked four times as much as it can do: a tenth of the requests have 200 ms.
     * In simulated time, one step for each millisecond.
     */
    @Test
    void underFourTimesTheLoadTheGuaranteedMeetTheirDeadlineAndTheOthersProgress() {
        long[] busyUntil = new long[10];
        List<Long> waits = new ArrayList<>();
        int burst = 0;
        int late = 0;
        for (long now = 0; now < 60_000; now++) {
            // 500 requests a second are what it can do; 2000 are asked
            for (int i = 0; i < 2; i++) {
                boolean urgent = (now * 2 + i) % 10 == 0;
                add((urgent ? "g" : "b") + now, now, urgent ? 200 : 30_000, DEADLINES);
            }
            long nanos = TimeUnit.MILLISECONDS.toNanos(now);
            for (LeaseRequest r = queue.pollExpired(nanos); r != null; r = queue.pollExpired(nanos)) {
                late += r.guaranteed ? 1 : 0;
            }
            for (int c = 0; c < busyUntil.length; c++) {
                if (busyUntil[c] <= now && !queue.isEmpty()) {
                    busyUntil[c] = now + 20;
                    String id = grant();
                    if (id.startsWith("g")) {
                        waits.add(now - Long.parseLong(id.substring(1)));
                    } else {
                        burst++;
                    }
                }
            }
        }
        waits.sort(null);
        assertThat(waits).hasSizeGreaterThan(11_900);
        assertThat(late).isZero();
        assertThat(waits.get(waits.size() * 99 / 100)).isLessThanOrEqualTo(180L);
        assertThat(burst).as("at least a fifth of the capacity").isGreaterThan(60 * 500 / 5);
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> new LeaseScheduling(true, Duration.ZERO, 0.8))
                .hasMessage("guaranteedBudget is PT0S, must be positive");
        assertThatThrownBy(() -> new LeaseScheduling(true, Duration.ofMillis(1), 1))
                .hasMessage("reservedShare is 1.0, must be from 0.5 to 0.99");
    }
}
