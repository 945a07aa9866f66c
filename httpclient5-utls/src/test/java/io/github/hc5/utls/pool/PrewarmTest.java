package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrewarmTest {

    private static final long MILLI = 1_000_000L;

    @Test
    void connectionsAreBegunInBatches() {
        PoolWorld world = new PoolWorld(b -> b);
        PrewarmProgress progress =
                world.manager.prewarm(Prewarm.of(PoolWorld.HOST, 5).withBatches(2, Duration.ofMillis(100)));
        assertThat(world.net.dialled).isEqualTo(2);
        world.time.advance(100 * MILLI - 1);
        assertThat(world.net.dialled).isEqualTo(2);
        world.time.advance(1);
        assertThat(world.net.dialled).isEqualTo(4);
        world.time.advance(100 * MILLI);
        assertThat(world.net.dialled).isEqualTo(5);

        world.net.openAll(false, 1);

        assertThat(progress.result()).isCompletedWithValueMatching(PrewarmReport::isComplete);
        assertThat(world.manager.getTotalStats().getAvailable()).isEqualTo(5);
    }

    @Test
    void asManyAsAllowedAreOpeningAtOnce() {
        PoolWorld world = new PoolWorld(b -> b);
        PrewarmProgress progress =
                world.manager.prewarm(Prewarm.of(PoolWorld.HOST, 5).withConcurrency(2));
        assertThat(world.net.dials).hasSize(2);
        world.net.dials.get(0).succeed();
        world.net.handshakes.get(0).succeed(false, 1);
        assertThat(world.net.dials).hasSize(2);
        assertThat(progress.report().opened()).isEqualTo(1);
        assertThat(progress.report().remaining()).isEqualTo(4);
    }

    @Test
    void whatFailsIsTriedAgainLaterAndThenReported() {
        PoolWorld world = new PoolWorld(b -> b);
        PrewarmProgress progress =
                world.manager.prewarm(Prewarm.of(PoolWorld.HOST, 1).withRetries(2));
        refuse(world);
        world.time.advance(100 * MILLI - 1);
        assertThat(world.net.dials).isEmpty();
        world.time.advance(1);
        refuse(world);
        world.time.advance(200 * MILLI);
        refuse(world);

        assertThat(progress.result()).isDone();
        assertThat(progress.report().failures())
                .singleElement()
                .satisfies(f -> assertThat(f).hasMessageContaining("refused"));
        assertThat(world.manager.snapshot().open()).isZero();
    }

    @Test
    void theTimeoutEndsIt() {
        PoolWorld world = new PoolWorld(b -> b);
        PrewarmProgress progress =
                world.manager.prewarm(Prewarm.of(PoolWorld.HOST, 2).withTimeout(Duration.ofSeconds(3)));
        world.net.dials.get(0).succeed();
        world.net.handshakes.get(0).succeed(false, 1);
        world.time.advance(3000 * MILLI);

        assertThat(progress.result()).isDone();
        assertThat(progress.report().opened()).isEqualTo(1);
        assertThat(progress.report().failures())
                .singleElement()
                .satisfies(f -> assertThat(f).hasMessageContaining("PT3S"));
    }

    @Test
    void aLimitIsNotTriedAgain() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1));
        PrewarmProgress progress = world.manager.prewarm(PoolWorld.HOST, 3);
        world.net.openAll(false, 1);

        assertThat(progress.result()).isDone();
        assertThat(progress.report().opened()).isEqualTo(1);
        assertThat(progress.report().failures())
                .hasSize(2)
                .allSatisfy(f -> assertThat(f)
                        .isInstanceOf(LimitReachedException.class)
                        .hasMessage("No room for a connection to https://host.example:443: 1 allowed, "
                                + "in all 1 of 100 open"));
    }

    @Test
    void cancellingBeginsNoMore() {
        PoolWorld world = new PoolWorld(b -> b);
        PrewarmProgress progress =
                world.manager.prewarm(Prewarm.of(PoolWorld.HOST, 4).withBatches(1, Duration.ofMillis(100)));
        progress.cancel();
        world.time.advance(1000 * MILLI);

        assertThat(world.net.dialled).isEqualTo(1);
        assertThat(progress.report().failures()).hasSize(4);
        world.net.openAll(false, 1);
        assertThat(world.manager.getTotalStats().getAvailable()).isEqualTo(1);
    }

    @Test
    void aRequestTakesAConnectionBeingPrewarmed() {
        PoolWorld world = new PoolWorld(b -> b);
        assertThat(world.manager.prewarm(PoolWorld.HOST, 1).result()).isNotDone();
        PoolWorld.Lease lease = world.lease();
        assertThat(lease.endpoint).isNull();
        world.net.openAll(true, 100);

        assertThat(lease.endpoint().isConnected()).isTrue();
        assertThat(world.net.dialled).isEqualTo(1);
    }

    @Test
    void impossibleOrdersAreRefused() {
        assertThatThrownBy(() -> Prewarm.of(PoolWorld.HOST, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("connections is 0, must be 1 or more");
        assertThatThrownBy(() -> Prewarm.of(PoolWorld.HOST, 1).withTimeout(Duration.ZERO))
                .hasMessage("timeout is PT0S, must be positive");
        assertThatThrownBy(() -> PoolSettings.builder().maxTotal(0).build())
                .hasMessage("maxTotal is 0, must be 1 or more");
        assertThatThrownBy(() -> PoolSettings.builder().minIdlePerRoute(11).build())
                .hasMessage("minIdlePerRoute is 11, must be at most maxPerRoute (10)");
        assertThatThrownBy(() -> PoolSettings.builder().lifetimeJitter(0.6).build())
                .hasMessage("lifetimeJitter is 0.6, must be from 0 to 0.5");
    }

    private static void refuse(PoolWorld world) {
        List.copyOf(world.net.dials).forEach(d -> d.fail(new ConnectException("refused")));
    }
}
