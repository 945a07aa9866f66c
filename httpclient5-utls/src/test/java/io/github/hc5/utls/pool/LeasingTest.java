package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.pool.PoolWorld.Lease;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;

class LeasingTest {

    private static final HttpRoute OTHER = PoolWorld.secure("other.example");

    @Test
    void concurrentRequestsToAColdHttp2HostShareTheFirstConnection() {
        PoolWorld world = new PoolWorld(b -> b);
        List<Lease> leases = leases(world, 20);

        assertThat(leases.get(0).endpoint).isNotNull();
        assertThat(leases.subList(1, 20)).allMatch(l -> l.endpoint == null);
        world.connect(leases.get(0));
        assertThat(world.net.dials).hasSize(1);
        world.net.openAll(true, 100);

        assertThat(leases).allMatch(l -> l.connection() == leases.get(0).connection());
        assertThat(leases.get(0).connection().inUse()).isEqualTo(20);
    }

    @Test
    void requestsFanOutWhereTheColdHostTurnsOutToBeHttp1() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(4));
        List<Lease> leases = leases(world, 6);
        world.connect(leases.get(0));
        world.net.openAll(false, 1);

        assertThat(leases.subList(0, 4)).allMatch(l -> l.endpoint != null);
        assertThat(leases.subList(4, 6)).allMatch(l -> l.endpoint == null);
        assertThat(leases.subList(0, 4).stream().map(Lease::connection).distinct())
                .hasSize(4);
    }

    @Test
    void theProtocolOfARouteIsRemembered() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease first = world.openHttp1();
        world.discard(first);
        List.copyOf(world.net.sessions).forEach(s -> s.end(null));

        assertThat(leases(world, 3))
                .as("no waiting for one another on HTTP/1.1")
                .allMatch(l -> l.endpoint != null);
    }

    @Test
    void moreStreamsThanOneConnectionTakesOpenAnother() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease first = world.open(true, 2);
        Lease second = world.lease();
        Lease third = world.lease();

        assertThat(second.connection()).isSameAs(first.connection());
        assertThat(third.connection()).isNotSameAs(first.connection());
    }

    @Test
    void aStreamLimitThatGrowsServesWhoWaits() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1));
        Lease first = world.open(true, 1);
        Lease second = world.lease();
        assertThat(second.endpoint).isNull();

        first.connection().concurrencyChanged(2);

        assertThat(second.connection()).isSameAs(first.connection());
    }

    @Test
    void afterASharedDialHasFailedEachRequestDialsForItself() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(3));
        List<Lease> leases = leases(world, 3);
        Lease connect = world.connect(leases.get(0));
        world.net.dials.get(0).fail(new ConnectException("refused"));

        assertThat(connect.failure).hasMessageContaining("refused");
        assertThat(leases.get(1).endpoint).isNotNull();
        assertThat(leases.get(2).endpoint).isNotNull();
        assertThat(leases.get(1).connection()).isNotSameAs(leases.get(2).connection());
    }

    @Test
    void aDialWhoseOwnerGivesUpGoesOnForThoseWhoWait() {
        PoolWorld world = new PoolWorld(b -> b);
        List<Lease> leases = leases(world, 3);
        Lease connect = world.connect(leases.get(0));
        connect.cancel();
        world.discard(leases.get(0));
        assertThat(world.net.dials).hasSize(1);

        world.net.openAll(true, 100);

        assertThat(leases.get(1).connection()).isSameAs(leases.get(2).connection());
        assertThat(world.net.dialled).isEqualTo(1);
    }

    @Test
    void aDialThatNobodyWaitsForIsCalledOff() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease lease = world.lease();
        world.connect(lease);
        world.discard(lease);

        assertThat(world.net.dials.get(0).future.isCancelled()).isTrue();
        assertThat(world.manager.snapshot().open()).isZero();
    }

    @Test
    void waitersAreServedInTheirOrder() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1));
        Lease holder = world.openHttp1();
        List<Lease> waiters = leases(world, 3);
        waiters.get(0).cancel();

        world.release(holder);

        assertThat(waiters.get(0).cancelled).isTrue();
        assertThat(waiters.get(1).endpoint).isNotNull();
        assertThat(waiters.get(2).endpoint).isNull();
    }

    @Test
    void aThousandWaitersThatReleaseInTheirCallbackDoNotOverflowTheStack() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1));
        Lease holder = world.openHttp1();
        int[] served = new int[1];
        for (int i = 0; i < 20_000; i++) {
            Lease lease = new Lease() {
                @Override
                public void completed(org.apache.hc.client5.http.nio.AsyncConnectionEndpoint result) {
                    served[0]++;
                    world.manager.release(result, null, TimeValue.NEG_ONE_MILLISECOND);
                }
            };
            assertThat(world.manager.lease("id", PoolWorld.HOST, null, Timeout.DISABLED, lease))
                    .isNotNull();
        }
        world.release(holder);

        assertThat(served[0]).isEqualTo(20_000);
    }

    @Test
    void aLeaseFailsAtItsDeadlineWithTheCounts() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1).maxTotal(7).idleTimeout(Duration.ZERO));
        world.openHttp1();
        Lease late = world.lease(PoolWorld.HOST, null, Timeout.ofMilliseconds(150));

        world.time.advance(149_999_999L);
        assertThat(late.calls).isZero();
        world.time.advance(1);

        assertThat(late.failure)
                .isInstanceOf(ConnectionRequestTimeoutException.class)
                .hasMessage("No connection to https://host.example:443 within 150 ms: 1 of 1 open (1 leased, 0 idle, "
                        + "0 opening, 0 closing or checked), 0 waiting; in all 1 of 7 open, 0 idle");
    }

    @Test
    void aRaisedLimitServesWhoWaitsAtOnce() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1).maxTotal(1));
        world.openHttp1();
        Lease waiting = world.lease();
        world.manager.setMaxPerRoute(PoolWorld.HOST, 2);
        assertThat(waiting.endpoint).isNull();

        world.manager.setMaxTotal(2);

        assertThat(waiting.endpoint).isNotNull();
    }

    @Test
    void aLoweredLimitTrimsWhatIsIdleAndLaterWhatIsReleased() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease a = world.openHttp1();
        Lease b = world.openHttp1();
        Lease c = world.openHttp1();
        world.release(a);

        world.manager.setDefaultMaxPerRoute(1);
        world.net.sessions.stream().filter(s -> s.shutdownAsked).toList().forEach(s -> s.end(null));
        assertThat(world.manager.snapshot().open()).isEqualTo(2);
        world.release(b);
        world.net.sessions.stream().filter(s -> s.shutdownAsked).toList().forEach(s -> s.end(null));

        assertThat(world.manager.snapshot().open()).isEqualTo(1);
        world.release(c);
        assertThat(world.manager.snapshot().open()).isEqualTo(1);
        assertThat(world.closed).containsExactly("OVER_LIMIT", "OVER_LIMIT");
    }

    @Test
    void aSlotFreedByOneRouteServesAnotherThatWaitsForTheTotal() {
        PoolWorld world = new PoolWorld(b -> b.maxTotal(1));
        Lease here = world.openHttp1();
        Lease there = world.lease(OTHER, null, Timeout.DISABLED);
        assertThat(there.endpoint).isNull();

        world.discard(here);
        assertThat(there.endpoint).as("the socket is not closed yet").isNull();
        List.copyOf(world.net.sessions).forEach(s -> s.end(null));

        assertThat(there.endpoint).isNotNull();
    }

    @Test
    void anIdleConnectionOfAnotherRouteMakesRoomWhenTheTotalIsReached() {
        PoolWorld world = new PoolWorld(b -> b.maxTotal(1));
        world.release(world.openHttp1());
        Lease there = world.lease(OTHER, null, Timeout.DISABLED);

        world.net.sessions.stream().filter(s -> s.shutdownAsked).toList().forEach(s -> s.end(null));

        assertThat(there.endpoint).isNotNull();
        assertThat(world.closed).containsExactly("EVICTED");
    }

    @Test
    void aConnectionClosingForTooLongIsClosedAtOnce() {
        PoolWorld world = new PoolWorld(b -> b.maxTotal(1));
        world.release(world.openHttp1());
        Lease there = world.lease(OTHER, null, Timeout.DISABLED);

        world.time.advance(999_999_999L);
        assertThat(there.endpoint).isNull();
        world.time.advance(2_000_000_001L);

        assertThat(there.endpoint).isNotNull();
    }

    @Test
    void theIdleLimitClosesWhatIsReleasedBeyondIt() {
        PoolWorld world = new PoolWorld(b -> b.maxIdle(1));
        Lease a = world.openHttp1();
        Lease b = world.openHttp1();
        world.release(a);
        world.release(b);

        assertThat(world.manager.getTotalStats().getAvailable()).isEqualTo(1);
        assertThat(world.manager.idle()).isEqualTo(1);
    }

    @Test
    void aUserTokenKeepsItsConnectionToItself() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease first = world.openHttp1();
        HotConnection own = first.connection();
        world.release(first, "alice");

        Lease stranger = world.lease();
        Lease alice = world.lease(PoolWorld.HOST, "alice", Timeout.DISABLED);

        assertThat(stranger.connection()).isNotSameAs(own);
        assertThat(alice.connection()).isSameAs(own);
    }

    @Test
    void aTokenNobodyUsesMakesRoomAtTheLimit() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1));
        world.release(world.openHttp1(), "alice");
        Lease bob = world.lease(PoolWorld.HOST, "bob", Timeout.DISABLED);
        assertThat(bob.endpoint).isNull();

        List.copyOf(world.net.sessions).forEach(s -> s.end(null));

        assertThat(bob.endpoint).isNotNull();
    }

    @Test
    void theConnectionsOfAClientKeyAreItsOwnFromTheStart() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease anyone = world.open(true, 100);
        Lease alice = world.lease(PoolWorld.HOST, ClientKey.of("alice"), Timeout.DISABLED);
        Lease alsoAlice = world.lease(PoolWorld.HOST, ClientKey.of("alice"), Timeout.DISABLED);
        Lease bob = world.lease(PoolWorld.HOST, ClientKey.of("bob"), Timeout.DISABLED);

        assertThat(alice.connection()).isNotSameAs(anyone.connection());
        assertThat(alsoAlice.endpoint).as("waits for the connection of its key").isNull();
        assertThat(bob.connection()).as("waits for no other key's").isNotSameAs(alice.connection());
        world.connect(alice);
        world.connect(bob);
        world.net.openAll(true, 100);
        assertThat(alsoAlice.connection()).isSameAs(alice.connection());
        assertThat(alice.connection().clientKey()).isEqualTo("alice");

        HotConnection own = alice.connection();
        world.release(alice, ClientKey.of("bob"));
        world.release(alsoAlice);
        assertThat(world.lease().connection()).isSameAs(anyone.connection());
        assertThat(world.lease(PoolWorld.HOST, ClientKey.of("alice"), Timeout.DISABLED)
                        .connection())
                .as("whatever it was given back with")
                .isSameAs(own);
    }

    @Test
    void anIdleConnectionWithoutAKeyMakesRoomForAKeyAtTheLimit() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1));
        world.release(world.openHttp1());
        Lease alice = world.lease(PoolWorld.HOST, ClientKey.of("alice"), Timeout.DISABLED);
        assertThat(alice.endpoint).isNull();

        List.copyOf(world.net.sessions).forEach(s -> s.end(null));

        assertThat(alice.connection().clientKey()).isEqualTo("alice");
    }

    @Test
    void aPinKeepsSeveralRequestsOnOneConnection() {
        PoolWorld world = new PoolWorld(b -> b);
        world.release(world.openHttp1());
        PinnedRoute pin = world.manager.pin(PoolWorld.HOST);
        Lease first = world.lease(PoolWorld.HOST, pin, Timeout.DISABLED);
        Lease second = world.lease(PoolWorld.HOST, pin, Timeout.DISABLED);
        Lease stranger = world.lease();

        assertThat(second.endpoint).as("waits for the pinned connection").isNull();
        HotConnection own = first.connection();
        world.release(first, pin);

        assertThat(second.connection()).isSameAs(own);
        assertThat(stranger.connection()).isNotSameAs(own);
        world.release(second, pin);
        pin.close();
        assertThat(world.lease().connection()).isSameAs(own);
    }

    @Test
    void aReleaseCountsOnce() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease lease = world.open(true, 10);
        Lease other = world.lease();
        var endpoint = lease.endpoint();
        HotConnection connection = lease.connection();
        world.release(lease);
        world.manager.release(endpoint, null, TimeValue.NEG_ONE_MILLISECOND);

        assertThat(connection.inUse()).isEqualTo(1);
        assertThat(other.endpoint().isConnected()).isTrue();
    }

    @Test
    void discardingOneOfSeveralExchangesLeavesTheConnectionToTheOthers() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease lease = world.open(true, 10);
        Lease other = world.lease();

        world.discard(lease);

        assertThat(other.endpoint().isConnected()).isTrue();
        assertThat(other.connection().isRetired()).isFalse();
    }

    @Test
    void aLeaseGrantedWhileTheConnectionIsLaidByKeepsItsSocketTimeout() {
        Timeout configured = Timeout.ofSeconds(7);
        PoolWorld world = new PoolWorld(b -> b)
                .withConfig(
                        ConnectionConfig.custom().setSocketTimeout(configured).build());
        Lease first = world.open(true, 100);
        FakeNet.FakeSession session = world.net.session(first.connection());
        List<Lease> second = new ArrayList<>();
        session.beforeTimeoutIsSet = () -> second.add(world.lease());
        world.release(first);

        assertThat(second.get(0).connection()).isSameAs(session.connection);
        assertThat(session.timeout).isEqualTo(configured);
    }

    @Test
    void aCancelledExchangeTakesItsConnectionAlongAndNoOther() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease lease = world.openHttp1();
        HotConnection connection = lease.connection();
        FakeNet.FakeSession session = world.net.session(connection);
        AsyncConnectionEndpoint endpoint = lease.endpoint();
        endpoint.execute("id", SilentHandler.INSTANCE, null, HttpClientContext.create());
        lease.cancel();

        assertThat(session.open).isFalse();
        assertThat(connection.inUse()).isZero();
        world.release(lease);
        session.end(null);
        assertThat(world.manager.snapshot().open()).isZero();
        assertThat(world.openHttp1().connection()).isNotSameAs(connection);
    }

    @Test
    void drainingMeansNoNewLeaseAndTheEndWithTheLastExchange() {
        PoolWorld world = new PoolWorld(b -> b);
        Lease lease = world.open(true, 10);
        HotConnection drained = lease.connection();
        drained.draining();

        Lease next = world.lease();
        assertThat(next.connection()).isNotSameAs(drained);
        assertThat(lease.endpoint().isConnected()).isTrue();
        world.release(lease);
        assertThat(world.net.session(drained).shutdownAsked).isTrue();
    }

    @Test
    void anEndpointWhoseConnectionEndedDialsAnewInItsSlot() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1));
        Lease lease = world.openHttp1();
        HotConnection dead = lease.connection();
        world.net.session(dead).end(null);
        assertThat(lease.endpoint().isConnected()).isFalse();

        Lease again = world.connect(lease);
        world.net.openAll(false, 1);

        assertThat(again.endpoint().isConnected()).isTrue();
        assertThat(lease.connection()).isNotSameAs(dead);
        assertThat(world.manager.snapshot().open()).isEqualTo(1);
    }

    @Test
    void anEndpointWhoseSharedConnectionEndedLeasesAnotherOne() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1));
        Lease lease = world.open(true, 10);
        world.net.session(lease.connection()).end(null);

        Lease again = world.connect(lease);
        world.net.openAll(true, 10);

        assertThat(again.endpoint().isConnected()).isTrue();
        assertThat(lease.connection().inUse()).isEqualTo(1);
        world.release(lease);
        assertThat(world.manager.snapshot().inFlight()).isZero();
    }

    @Test
    void aConnectionIsValidatedAfterInactivityAndReplacedIfStale() {
        PoolWorld world = new PoolWorld(b -> b.checkInterval(Duration.ZERO))
                .withConfig(ConnectionConfig.custom()
                        .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                        .build());
        Lease first = world.openHttp1();
        HotConnection connection = first.connection();
        world.release(first);

        world.time.advance(1_999_999_999L);
        Lease early = world.lease();
        assertThat(early.endpoint).as("no check before the time").isNotNull();
        world.release(early);
        world.time.advance(2_000_000_000L);
        Lease checked = world.lease();
        assertThat(checked.endpoint).isNull();
        world.net.session(connection).answerCheck(false);

        assertThat(checked.endpoint().isConnected()).isFalse();
        assertThat(connection.isRetired()).isTrue();
    }

    @Test
    void closingFailsWhoWaitsAndRefusesWhoComes() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(1).closeTimeout(Duration.ZERO));
        world.openHttp1();
        Lease waiting = world.lease();

        world.manager.close(CloseMode.IMMEDIATE);

        assertThat(waiting.failure).isInstanceOf(ConnectionClosedException.class);
        assertThatThrownBy(world::lease)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shut down");
        assertThat(world.net.sessions).noneMatch(s -> s.open);
    }

    private static List<Lease> leases(PoolWorld world, int count) {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(world.lease());
        }
        return leases;
    }
}
