package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.PoolWorld.Lease;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;

class UpkeepTest {

    @Test
    void anIdleConnectionIsRetiredAtItsIdleTimeout() {
        PoolWorld world =
                new PoolWorld(b -> b.idleTimeout(Duration.ofSeconds(10)).checkInterval(Duration.ZERO));
        world.release(world.openHttp1());

        world.time.advance(seconds(10) - 1);
        assertThat(world.net.sessions.get(0).shutdownAsked).isFalse();
        world.time.advance(1);

        assertThat(world.net.sessions.get(0).shutdownAsked).isTrue();
        world.net.sessions.get(0).end(null);
        assertThat(world.closed).containsExactly("IDLE_TIMEOUT");

        MaintenanceReport report = world.manager.maintenance();
        assertThat(report.closed())
                .containsEntry(CloseReason.IDLE_TIMEOUT, 1L)
                .containsEntry(CloseReason.UNHEALTHY, 0L);
        assertThat(report.closedInAll()).isOne();
        assertThat(report.runs()).isPositive();
        assertThat(report.replenished()).isZero();
    }

    @Test
    void aConnectionInUseIsRetiredAtItsLifetimeAndClosedAfterItsExchanges() {
        PoolWorld world =
                new PoolWorld(b -> b.maxLifetime(Duration.ofSeconds(100)).checkInterval(Duration.ZERO));
        Lease lease = world.open(true, 10);

        world.time.advance(seconds(100) - 1);
        assertThat(lease.connection().isRetired()).isFalse();
        world.time.advance(seconds(1));

        assertThat(lease.connection().isRetired()).isTrue();
        assertThat(lease.endpoint().isConnected()).isTrue();
        FakeNet.FakeSession session = world.net.session(lease.connection());
        world.release(lease);
        assertThat(session.shutdownAsked).isTrue();
    }

    @Test
    void jitterShortensTheLifetime() {
        PoolWorld world = new PoolWorld(b -> b.maxLifetime(Duration.ofSeconds(100))
                .lifetimeJitter(0.2)
                .idleTimeout(Duration.ZERO)
                .checkInterval(Duration.ZERO));
        world.release(world.openHttp1());

        // the random number of the tests is 0.5, so half of the jitter
        world.time.advance(seconds(90) - 1);
        assertThat(world.net.sessions.get(0).shutdownAsked).isFalse();
        world.time.advance(1);
        assertThat(world.net.sessions.get(0).shutdownAsked).isTrue();
    }

    @Test
    void theKeepAliveOfAReleaseLimitsTheReuse() {
        PoolWorld world = new PoolWorld(b -> b.checkInterval(Duration.ZERO));
        Lease lease = world.openHttp1();
        HotConnection connection = lease.connection();
        world.manager.release(lease.endpoint(), null, TimeValue.ofSeconds(5));

        world.time.advance(seconds(5) - 1);
        Lease again = world.lease();
        assertThat(again.connection()).isSameAs(connection);
        world.manager.release(again.endpoint(), null, TimeValue.ofSeconds(5));
        world.time.advance(seconds(5));

        assertThat(world.lease().connection()).isNotSameAs(connection);
    }

    @Test
    void theTimesOfTheConnectionConfigWin() {
        PoolWorld world = new PoolWorld(b -> b.checkInterval(Duration.ZERO))
                .withConfig(ConnectionConfig.custom()
                        .setTimeToLive(TimeValue.ofSeconds(3))
                        .build());
        Lease lease = world.openHttp1();
        HotConnection connection = lease.connection();
        world.release(lease);

        world.time.advance(seconds(3));
        assertThat(world.lease().connection()).isNotSameAs(connection);
        assertThat(connection.isRetired()).isTrue();
    }

    @Test
    void anIdleConnectionIsCheckedAndNotLeasedMeanwhile() {
        PoolWorld world = new PoolWorld(b -> b.checkInterval(Duration.ofSeconds(30))
                .idleTimeout(Duration.ofMinutes(10))
                .maxPerRoute(1));
        Lease lease = world.openHttp1();
        HotConnection connection = lease.connection();
        world.release(lease);

        world.time.advance(seconds(30));
        assertThat(connection.state()).isEqualTo(ConnectionSnapshot.State.CHECKING);
        Lease during = world.lease();
        assertThat(during.endpoint).isNull();
        world.net.session(connection).answerCheck(true);

        assertThat(during.connection()).isSameAs(connection);
    }

    @Test
    void aCheckThatFailsOrGoesUnansweredRetiresTheConnection() {
        PoolWorld world = new PoolWorld(b -> b.checkInterval(Duration.ofSeconds(30))
                .checkTimeout(Duration.ofSeconds(10))
                .idleTimeout(Duration.ofMinutes(10)));
        Lease lease = world.open(true, 10);
        HotConnection connection = lease.connection();
        world.release(lease);

        world.time.advance(seconds(40) - 1);
        assertThat(connection.isRetired()).isFalse();
        world.time.advance(1);

        assertThat(connection.isRetired()).isTrue();
        world.net.session(connection).end(null);
        assertThat(world.closed).containsExactly("UNHEALTHY");
        assertThat(world.manager.maintenance().checked()).isOne();
        assertThat(world.manager.maintenance().unhealthy()).isOne();
        assertThat(world.manager.maintenance().closed()).containsEntry(CloseReason.UNHEALTHY, 1L);
    }

    @Test
    void anAnsweredPingTellsItsRoundTrip() {
        PoolWorld world =
                new PoolWorld(b -> b.checkInterval(Duration.ofSeconds(30)).idleTimeout(Duration.ofMinutes(10)));
        Lease lease = world.open(true, 10);
        HotConnection connection = lease.connection();
        world.release(lease);
        world.time.advance(seconds(30));
        world.time.advance(7_000_000L);
        world.net.session(connection).answerCheck(true);

        assertThat(world.manager.snapshot().routes().get(0).connections().get(0).roundTrip())
                .isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void asManyAsConfiguredAreKeptReady() {
        PoolWorld world = new PoolWorld(b -> b.checkInterval(Duration.ZERO));
        world.manager.setMinIdle(PoolWorld.HOST, 2);
        world.time.advance(1);
        world.net.openAll(false, 1);
        assertThat(world.manager.getTotalStats().getAvailable()).isEqualTo(2);

        world.net.sessions.get(0).end(null);
        world.manager.setMinIdle(PoolWorld.HOST, 2);
        world.time.advance(1);
        world.net.openAll(false, 1);

        assertThat(world.manager.getTotalStats().getAvailable()).isEqualTo(2);
        assertThat(world.net.dialled).isEqualTo(3);
    }

    @Test
    void aLostReadyConnectionIsReplacedWithoutBeingAsked() {
        PoolWorld world = new PoolWorld(b -> b.checkInterval(Duration.ZERO).minIdlePerRoute(1));
        Lease lease = world.openHttp1();
        world.time.advance(1);
        world.net.openAll(false, 1);
        world.release(lease);
        assertThat(world.net.sessions).hasSize(2);

        List.copyOf(world.net.sessions).forEach(s -> s.end(null));
        world.time.advance(1);

        assertThat(world.net.dials).hasSize(1);
        assertThat(world.manager.maintenance().replenished()).isPositive();
    }

    @Test
    void replenishingBacksOffFromAHostThatRefuses() {
        PoolWorld world = new PoolWorld(b -> b);
        world.manager.setMinIdle(PoolWorld.HOST, 1);
        world.time.advance(1);
        world.net.dials.get(0).fail(new ConnectException("refused"));

        world.time.advance(seconds(1) - 1);
        assertThat(world.net.dials).isEmpty();
        world.time.advance(1);
        assertThat(world.net.dials).hasSize(1);
        world.net.dials.get(0).fail(new ConnectException("refused"));
        world.time.advance(seconds(2) - 1);
        assertThat(world.net.dials).isEmpty();
        world.time.advance(1);
        assertThat(world.net.dials).hasSize(1);
    }

    @Test
    void aHandshakeHasItsOwnTimeout() {
        PoolWorld world = new PoolWorld(b -> b.handshakeTimeout(Duration.ofSeconds(15)));
        Lease connect = world.connect(world.lease());
        world.net.dials.get(0).succeed();

        world.time.advance(seconds(15) - 1);
        assertThat(connect.failure).isNull();
        world.time.advance(1);

        assertThat(connect.failure).hasMessageContaining("TLS handshake with https://host.example");
        assertThat(world.net.sessions).noneMatch(s -> s.open);
    }

    @Test
    void aRouteNobodyUsesIsForgotten() {
        PoolWorld world =
                new PoolWorld(b -> b.idleTimeout(Duration.ofSeconds(10)).checkInterval(Duration.ZERO));
        world.release(world.openHttp1());
        world.time.advance(seconds(10));
        List.copyOf(world.net.sessions).forEach(s -> s.end(null));
        world.time.advance(seconds(600));

        assertThat(world.manager.getRoutes()).isEmpty();
        assertThat(world.openHttp1().endpoint().isConnected()).isTrue();
    }

    @Test
    void retireIdleLeavesWhatIsInUse() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease used = world.openHttp1();
        Lease idle = world.openHttp1();
        world.release(idle);

        assertThat(world.manager.retireIdle()).isEqualTo(1);
        assertThat(used.endpoint().isConnected()).isTrue();
    }

    @Test
    void aPermitIsTakenForEachConnectionAndGivenBackWhenItsSocketIsClosed() {
        FuzzPermits permits = new FuzzPermits();
        PoolWorld world = new PoolWorld(b -> b, permits);
        Lease lease = world.lease();
        assertThat(lease.endpoint).isNull();
        permits.answerAll();
        world.connect(lease);
        world.net.openAll(false, 1);
        assertThat(permits.out).isEqualTo(1);

        FakeNet.FakeSession session = world.net.session(lease.connection());
        world.release(lease);
        Lease again = world.lease(PoolWorld.HOST, null, Timeout.DISABLED);
        assertThat(again.endpoint).as("what is open comes before a permit").isNotNull();
        world.release(again);
        world.manager.retireIdle();
        assertThat(permits.out).as("the socket is still open").isEqualTo(1);
        session.end(null);

        assertThat(permits.out).isZero();
    }

    @Test
    void aRevokedPermitComesBackOnceItsConnectionIsDoneWith() {
        FuzzPermits permits = new FuzzPermits();
        PoolWorld world = new PoolWorld(b -> b, permits);
        Lease lease = world.lease();
        permits.answerAll();
        world.connect(lease);
        world.net.openAll(false, 1);
        FakeNet.FakeSession session = world.net.session(lease.connection());

        permits.revokeAll();
        assertThat(session.open).as("its exchange goes on").isTrue();
        assertThat(permits.out).isEqualTo(1);
        world.release(lease);
        permits.revokeAll();
        Lease next = world.lease();
        assertThat(next.endpoint).as("it takes no new exchange").isNull();
        session.end(null);
        assertThat(permits.out).as("its socket is closed").isZero();

        permits.answerAll();
        world.connect(next);
        world.net.openAll(false, 1);
        assertThat(permits.out).isEqualTo(1);
    }

    private static long seconds(long n) {
        return n * 1_000_000_000L;
    }
}
