package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.address.HostPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the limits follow the load: the steps at their exact boundaries, and the whole on a clock that the test moves. */
class AutoSizingTest {

    private static final SizingSettings SETTINGS =
            SizingSettings.builder().enabled(true).base(10).ceiling(1000).build();

    private static int after(int looks, int limit, int inUse, Duration mean) {
        SizeSteps steps = new SizeSteps();
        int next = limit;
        for (int i = 0; i < looks; i++) {
            next = steps.next(limit, inUse, mean, SETTINGS);
        }
        return next;
    }

    @ParameterizedTest
    @CsvSource({
        // looks, limit, in use, next
        "1, 100, 81, 150",
        "1, 100, 80, 100",
        "2, 100, 80, 110",
        "1, 100, 51, 100",
        "2, 100, 51, 110",
        "9, 100, 50, 100",
        "9, 100, 21, 100",
        "2, 100, 20, 100",
        "3, 100, 20, 75",
        "3, 12, 0, 10",
        "1, 900, 900, 1000",
        "1, 1000, 5000, 1000",
        "1, 100, 300, 150"
    })
    void aStepAtItsBoundary(int looks, int limit, int inUse, int next) {
        assertThat(after(looks, limit, inUse, Duration.ofMillis(100))).isEqualTo(next);
    }

    @Test
    void slowResponsesAskForMoreAtOnceAndHoldUpTheFall() {
        assertThat(after(1, 100, 90, Duration.ofSeconds(2))).isEqualTo(360);
        assertThat(after(3, 100, 20, Duration.ofMillis(2200))).isEqualTo(88);
        assertThat(after(3, 100, 20, Duration.ofSeconds(10))).isEqualTo(100);
    }

    @Test
    void onlyLooksInARowCount() {
        SizeSteps steps = new SizeSteps();
        Duration mean = Duration.ofMillis(100);
        assertThat(steps.next(100, 60, mean, SETTINGS)).isEqualTo(100);
        assertThat(steps.next(100, 40, mean, SETTINGS)).isEqualTo(100);
        assertThat(steps.next(100, 60, mean, SETTINGS)).isEqualTo(100);
        assertThat(steps.next(100, 60, mean, SETTINGS)).isEqualTo(110);
        steps.next(100, 10, mean, SETTINGS);
        steps.next(100, 10, mean, SETTINGS);
        steps.next(100, 30, mean, SETTINGS);
        assertThat(steps.next(100, 10, mean, SETTINGS)).isEqualTo(100);
    }

    @Test
    void aSteadyLoadComesToRestWhateverTheLimitWas() {
        for (int demand = 1; demand <= 400; demand += 7) {
            for (int start : new int[] {10, 100, 1000}) {
                SizeSteps steps = new SizeSteps();
                int limit = start;
                for (int i = 0; i < 300; i++) {
                    limit = steps.next(limit, demand, Duration.ofMillis(100), SETTINGS);
                }
                int rest = limit;
                for (int i = 0; i < 50; i++) {
                    limit = steps.next(limit, demand, Duration.ofMillis(100), SETTINGS);
                    assertThat(limit).as("demand %d from %d", demand, start).isEqualTo(rest);
                }
                assertThat((double) demand / rest).as("load").isLessThanOrEqualTo(0.5);
            }
        }
    }

    @Test
    void thePoolFollowsItsLoadUpAndDown() {
        PoolWorld world = new PoolWorld(
                b -> b.maxTotal(20).maxPerRoute(10).multiplexing(false).maxLifetime(Duration.ZERO));
        world.manager.setSizing(SETTINGS.toBuilder().ceiling(40).build());
        List<PoolWorld.Lease> leases = new ArrayList<>();
        for (String host : List.of("a", "b", "c")) {
            for (int i = 0; i < 20; i++) {
                leases.add(world.lease(PoolWorld.secure(host + ".example"), null, Timeout.ofMinutes(30)));
            }
        }
        assertThat(world.manager.snapshot().open()).isEqualTo(20);

        world.time.advance(Duration.ofSeconds(10).toNanos() - 1);
        assertThat(world.manager.getMaxTotal()).isEqualTo(20);
        world.time.advance(1);
        assertThat(world.manager.getMaxTotal()).isEqualTo(30);
        assertThat(world.manager.getDefaultMaxPerRoute()).isEqualTo(15);
        assertThat(world.manager.snapshot().open())
                .as("who waited got in at once")
                .isEqualTo(30);
        world.time.advance(Duration.ofSeconds(10).toNanos());
        assertThat(world.manager.getMaxTotal()).as("the ceiling").isEqualTo(40);

        leases.forEach(PoolWorld.Lease::cancel);
        leases.stream().filter(l -> l.endpoint != null).forEach(world::discard);
        world.time.advance(Duration.ofMinutes(10).toNanos());
        assertThat(world.manager.getMaxTotal()).as("the base").isEqualTo(10);
        assertThat(world.manager.getDefaultMaxPerRoute())
                .as("never below the settings'")
                .isEqualTo(10);
    }

    @Test
    void itIsOffByDefaultAndStopsWhenSwitchedOff() {
        PoolWorld world = new PoolWorld(b -> b.maxTotal(20));
        world.time.advance(Duration.ofHours(1).toNanos());
        assertThat(world.manager.getMaxTotal()).isEqualTo(20);

        world.manager.setSizing(SETTINGS);
        world.manager.setSizing(SizingSettings.defaults());
        world.time.advance(Duration.ofHours(1).toNanos());
        assertThat(world.manager.getMaxTotal()).isEqualTo(20);
    }

    @Test
    void whatIsExpectedIsTheStartValueAndReservesAreKept() {
        PoolWorld world = new PoolWorld(b -> b.maxTotal(50));
        world.manager.setHostLimits(HostLimits.of(Map.of(
                new HostPattern("*.vip.example"),
                HostLimit.builder().reserve(30).build())));
        world.manager.setSizing(SETTINGS.toBuilder()
                .expectedConcurrency(100)
                .expectedResponseTime(Duration.ofMillis(500))
                .build());
        assertThat(world.manager.getMaxTotal()).isEqualTo(100);

        world.time.advance(Duration.ofHours(1).toNanos());
        assertThat(world.manager.getMaxTotal()).isEqualTo(30);
    }
}
