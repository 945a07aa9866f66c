package io.github.hc5.utls.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.health.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The small parts, each by itself. */
class PartsTest {

    private final FakeWaits time = new FakeWaits();

    // ---- DeadlineWheel

    private static DeadlineWheel.Entry entry(long deadline, List<Long> expired) {
        return new DeadlineWheel.Entry(deadline) {
            @Override
            void expire() {
                expired.add(deadline);
            }
        };
    }

    @Test
    void aDeadlineIsMetWithinATick() {
        DeadlineWheel wheel = new DeadlineWheel(time);
        List<Long> expired = new ArrayList<>();
        wheel.add(entry(time.nanoTime() + 200_000_000L, expired));

        time.advanceMillis(199);
        assertThat(expired).isEmpty();
        time.advanceMillis(21);
        assertThat(expired).hasSize(1);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void whatIsCalledOffDoesNotExpireAndTheWheelRests() {
        DeadlineWheel wheel = new DeadlineWheel(time);
        List<Long> expired = new ArrayList<>();
        DeadlineWheel.Entry entry = entry(time.nanoTime() + 60_000_000_000L, expired);
        wheel.add(entry);
        wheel.remove(entry);
        wheel.remove(entry);
        time.advanceMillis(100_000);

        assertThat(expired).isEmpty();
        assertThat(wheel.size()).isZero();
        assertThat(time.scheduled())
                .as("no tick while there is nothing to wait for")
                .isZero();
    }

    @Test
    void deadlinesOfManyRoundsExpireEachInItsTime() {
        DeadlineWheel wheel = new DeadlineWheel(time);
        List<Long> expired = new ArrayList<>();
        long start = time.nanoTime();
        for (int i = 1; i <= 200; i++) {
            wheel.add(entry(start + i * 777_000_000L, expired));
        }
        for (int i = 1; i <= 200; i++) {
            time.advanceMillis(777);
            assertThat(expired.size()).isBetween(i - 1, i);
        }
        time.advanceMillis(40);
        assertThat(expired).hasSize(200).isSorted();
    }

    // ---- CircuitBreaker

    private final CircuitBreaker breaker = new CircuitBreaker(
            BreakerSettings.builder().minRequests(10).probes(2).build(), time.nanoTime());

    private void record(Outcome outcome, int times) {
        for (int i = 0; i < times; i++) {
            breaker.record(outcome, time.nanoTime());
        }
    }

    @Test
    void opensWhenHalfHaveFailedAndClosesWhenProbesSucceed() {
        record(Outcome.OK, 5);
        record(Outcome.RESET, 4);
        assertThat(breaker.phase()).isEqualTo(CircuitBreaker.Phase.CLOSED);
        record(Outcome.RESET, 1);
        assertThat(breaker.phase()).isEqualTo(CircuitBreaker.Phase.OPEN);
        assertThat(breaker.tryPass(time.nanoTime()))
                .isEqualTo(Duration.ofSeconds(5).toNanos());

        time.advanceMillis(5_000);
        assertThat(breaker.tryPass(time.nanoTime())).isEqualTo(CircuitBreaker.PASSES);
        assertThat(breaker.tryPass(time.nanoTime())).isEqualTo(CircuitBreaker.PASSES);
        assertThat(breaker.tryPass(time.nanoTime())).as("two probes are enough").isZero();
        record(Outcome.OK, 1);
        assertThat(breaker.phase()).isEqualTo(CircuitBreaker.Phase.HALF_OPEN);
        record(Outcome.OK, 1);
        assertThat(breaker.phase()).isEqualTo(CircuitBreaker.Phase.CLOSED);
    }

    @Test
    void aProbeThatFailsOpensItAgain() {
        record(Outcome.TIMED_OUT, 10);
        time.advanceMillis(5_000);
        breaker.tryPass(time.nanoTime());
        record(Outcome.TIMED_OUT, 1);

        assertThat(breaker.phase()).isEqualTo(CircuitBreaker.Phase.OPEN);
    }

    @Test
    void probesThatNeverEndDoNotKeepItShut() {
        record(Outcome.TIMED_OUT, 10);
        time.advanceMillis(5_000);
        breaker.tryPass(time.nanoTime());
        breaker.tryPass(time.nanoTime());
        assertThat(breaker.tryPass(time.nanoTime())).isZero();
        time.advanceMillis(5_000);

        assertThat(breaker.tryPass(time.nanoTime())).isEqualTo(CircuitBreaker.PASSES);
    }

    @Test
    void cancelledRequestsSayNothing() {
        record(Outcome.CANCELLED, 100);
        record(Outcome.NOT_EXECUTED, 100);

        assertThat(breaker.phase()).isEqualTo(CircuitBreaker.Phase.CLOSED);
    }

    // ---- TokenBucket

    @Test
    void aBurstPassesAtOnceAndTheRestInTurn() {
        TokenBucket bucket = new TokenBucket(10, 3, time.nanoTime());
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            waits.add(bucket.reserve(time.nanoTime(), Long.MAX_VALUE) / 1_000_000);
        }
        assertThat(waits).containsExactly(0L, 0L, 0L, 100L, 200L, 300L);
    }

    @Test
    void whatIsRefusedTakesNoPlace() {
        TokenBucket bucket = new TokenBucket(1, 1, time.nanoTime());
        assertThat(bucket.reserve(time.nanoTime(), 0)).isZero();
        for (int i = 0; i < 100; i++) {
            assertThat(bucket.reserve(time.nanoTime(), 500_000_000L)).isEqualTo(TokenBucket.TOO_LONG);
        }
        assertThat(bucket.reserve(time.nanoTime(), 1_000_000_000L)).isEqualTo(1_000_000_000L);
    }

    // ---- InFlightLimit

    @Test
    void whoWaitsIsLetInInTurn() {
        InFlightLimit limit = new InFlightLimit(1);
        List<String> in = new ArrayList<>();
        Runnable second = () -> in.add("second");
        assertThat(limit.enter(() -> in.add("first"))).isTrue();
        assertThat(limit.enter(second)).isFalse();
        assertThat(limit.enter(() -> in.add("third"))).isFalse();
        assertThat(limit.leaveQueue(second)).isTrue();

        limit.exit();
        assertThat(in).containsExactly("third");
        assertThat(limit.inFlight()).isEqualTo(1);
        limit.exit();
        assertThat(limit.inFlight()).isZero();
    }

    // ---- HostGuard

    @Test
    void theTimeoutFollowsTheResponseTimes() {
        TimeoutSettings settings = TimeoutSettings.builder()
                .adaptive(true)
                .adaptiveFloor(Duration.ofMillis(100))
                .build();
        HostGuard guard = new HostGuard(BreakerSettings.defaults(), RateSettings.defaults(), null, time.nanoTime());
        assertThat(guard.responseTimeoutNanos(settings))
                .isEqualTo(Duration.ofSeconds(30).toNanos());
        guard.responded(Duration.ofMillis(100).toNanos());
        assertThat(guard.responseTimeoutNanos(settings))
                .isEqualTo(Duration.ofMillis(400).toNanos());
        guard.responded(Duration.ofMillis(200).toNanos());
        assertThat(guard.responseTimeoutNanos(settings))
                .isEqualTo(Duration.ofMillis(440).toNanos());
        for (int i = 0; i < 200; i++) {
            guard.responded(1);
        }
        assertThat(guard.responseTimeoutNanos(settings))
                .isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void aCrawlDelayIsKept() {
        HostGuard guard = new HostGuard(
                BreakerSettings.defaults(),
                RateSettings.builder().perSecond(100).burst(10).build(),
                Duration.ofSeconds(2),
                time.nanoTime());
        TokenBucket rate = guard.rate;
        assertThat(rate).isNotNull();
        assertThat(rate.reserve(time.nanoTime(), Long.MAX_VALUE)).isZero();
        assertThat(rate.reserve(time.nanoTime(), Long.MAX_VALUE))
                .isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    // ---- FailoverState

    private final FailoverState failover = new FailoverState(FailoverSettings.defaults(), time.nanoTime());

    private void failOver() {
        for (int i = 0; i < 5; i++) {
            failover.failed(time.nanoTime());
        }
    }

    @Test
    void fallsOverAfterFailuresInARowOnly() {
        for (int i = 0; i < 20; i++) {
            failover.failed(time.nanoTime());
            if (i % 4 == 3) {
                failover.succeeded();
            }
        }
        assertThat(failover.isOnBackup()).isFalse();
        failOver();
        assertThat(failover.isOnBackup()).isTrue();
    }

    @Test
    void returnsAfterTwoGoodProbesAndNotBeforeItsStay() {
        failOver();
        assertThat(failover.probed(true, time.nanoTime())).isFalse();
        assertThat(failover.probed(true, time.nanoTime())).as("too soon").isFalse();
        time.advanceMillis(30_000);
        assertThat(failover.probed(false, time.nanoTime())).isFalse();
        assertThat(failover.probed(true, time.nanoTime())).isFalse();
        assertThat(failover.probed(true, time.nanoTime())).isTrue();
        assertThat(failover.isOnBackup()).isFalse();
    }

    @Test
    void staysTwiceAsLongWhenThePrimaryFailsSoonAgain() {
        failOver();
        time.advanceMillis(30_000);
        failover.probed(true, time.nanoTime());
        failover.probed(true, time.nanoTime());
        failOver();
        time.advanceMillis(30_000);
        failover.probed(true, time.nanoTime());
        assertThat(failover.probed(true, time.nanoTime())).isFalse();
        time.advanceMillis(30_000);
        assertThat(failover.probed(true, time.nanoTime())).isTrue();
    }
}
