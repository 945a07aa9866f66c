package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.pool.PoolWorld.Lease;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;

/** What a snapshot says of what happened. */
class FiguresTest {

    private final PoolWorld world = new PoolWorld(s -> s.maxPerRoute(1));

    private PoolFigures figures() {
        return world.manager.snapshot().figures();
    }

    private void exchange(Lease lease, int status, Exception... failure) {
        world.exchange(lease, "id", status, failure.length > 0 ? failure[0] : null);
    }

    @Test
    void aNewPoolHasNone() {
        PoolFigures figures = figures();

        assertThat(figures).isEqualTo(PoolFigures.NONE);
        assertThat(figures.requests()).isZero();
        assertThat(figures.successRate()).isEqualTo(1);
        assertThat(figures.reuseRate()).isZero();
    }

    @Test
    void exchangesAreCountedByWhatTheyCameTo() {
        Lease lease = world.openHttp1();
        exchange(lease, 200);
        exchange(lease, 200);
        exchange(lease, 503);
        exchange(lease, 0, new SocketTimeoutException());

        PoolFigures figures = figures();
        assertThat(figures.outcomes())
                .isEqualTo(Map.of(Outcome.OK, 2L, Outcome.SERVER_ERROR, 1L, Outcome.TIMED_OUT, 1L));
        assertThat(figures.requests()).isEqualTo(4);
        assertThat(figures.failures()).isEqualTo(2);
        assertThat(figures.successRate()).isEqualTo(0.5);
        assertThat(figures.reuseRate()).isEqualTo(0.75);
        assertThat(figures.responseTimes().count())
                .as("those that had a response")
                .isEqualTo(3);
        assertThat(figures.connections().opened()).isEqualTo(1);
        assertThat(world.manager.snapshot().routes().get(0).connections().get(0).exchanges())
                .isEqualTo(4);
    }

    @Test
    void waitingIsCountedForThoseThatHadTo() {
        Lease first = world.openHttp1();
        Lease second = world.lease();
        world.lease(PoolWorld.HOST, null, Timeout.ofSeconds(1));
        assertThat(world.manager.snapshot().waiting()).isEqualTo(2);
        world.time.advance(Duration.ofSeconds(2).toNanos());
        world.release(first);
        world.release(second);

        LeaseFigures leases = figures().leases();
        assertThat(leases.queued()).isEqualTo(2);
        assertThat(leases.granted()).isEqualTo(1);
        assertThat(leases.failed()).isEqualTo(1);
        assertThat(leases.waited().toMillis() / 1000.0).isCloseTo(2, within(0.1));
    }

    @Test
    void openingsThatFailAndReasonsOfClosingAreCounted() {
        Lease lease = world.lease();
        Lease connect = world.connect(lease);
        world.net.dials.get(0).fail(new IOException("no"));
        assertThat(connect.failure).isNotNull();
        world.release(lease);
        world.release(world.openHttp1());
        world.manager.retireIdle();
        world.net.sessions.get(world.net.sessions.size() - 1).end(null);

        ConnectionFigures connections = figures().connections();
        assertThat(connections.opened()).isEqualTo(1);
        assertThat(connections.failed()).isEqualTo(1);
        assertThat(connections.used()).isZero();
        assertThat(connections.closed()).isEqualTo(Map.of(CloseReason.NOT_OPENED, 1L, CloseReason.REQUESTED, 1L));
    }

    /** Counters that fell would be taken for a restart. */
    @Test
    void aRouteThatIsForgottenTakesNoFigureWithIt() {
        Lease lease = world.openHttp1();
        exchange(lease, 200);
        world.release(lease);
        world.manager.retireIdle();
        world.net.sessions.get(0).end(null);
        PoolFigures before = figures();
        assertThat(before.requests()).isEqualTo(1);

        world.time.advance(Duration.ofMinutes(11).toNanos());

        assertThat(world.manager.getRoutes()).isEmpty();
        assertThat(figures()).isEqualTo(before);
        assertThat(world.manager.snapshot().hosts())
                .containsOnlyKeys("host.example")
                .allSatisfy((host, snapshot) -> assertThat(snapshot.figures()).isEqualTo(before));
    }

    @Test
    void theDifferenceOfTwoPicturesIsWhatHappenedBetween() {
        Lease lease = world.openHttp1();
        exchange(lease, 200);
        PoolFigures before = figures();
        exchange(lease, 500);

        PoolFigures between = figures().minus(before);
        assertThat(between.outcomes()).isEqualTo(Map.of(Outcome.SERVER_ERROR, 1L));
        assertThat(between.connections()).isEqualTo(ConnectionFigures.NONE);
        assertThat(before.plus(between)).isEqualTo(figures());
    }

    @Test
    void everyPartAddsUpToTheWhole() {
        Lease lease = world.openHttp1();
        exchange(lease, 200);
        PoolSnapshot snapshot = world.manager.snapshot();

        PoolFigures hosts = snapshot.hosts().values().stream()
                .map(HostSnapshot::figures)
                .reduce(PoolFigures.NONE, PoolFigures::plus);
        assertThat(hosts).isEqualTo(snapshot.figures());
        PoolFigures addresses = snapshot.addresses().values().stream().reduce(PoolFigures.NONE, PoolFigures::plus);
        assertThat(addresses.requests()).isEqualTo(1);
        assertThat(snapshot.open()).isEqualTo(1);
        assertThat(snapshot.active()).isEqualTo(1);
        assertThat(snapshot.idle()).isZero();
        assertThat(snapshot.healthy()).isEqualTo(1);
        assertThat(snapshot.resources().heapUsed()).isPositive();
    }

    @Test
    void whoeverIsAddedHearsAndWhoeverIsRemovedDoesNot() {
        int[] heard = new int[2];
        PoolListener bad = new PoolListener() {
            @Override
            public void leaseQueued(org.apache.hc.client5.http.HttpRoute route, int waiting) {
                heard[0]++;
                throw new IllegalStateException("a listener that fails");
            }
        };
        PoolListener good = new PoolListener() {
            @Override
            public void leaseQueued(org.apache.hc.client5.http.HttpRoute route, int waiting) {
                heard[1]++;
            }
        };
        world.manager.addListener(bad);
        world.manager.addListener(good);
        world.openHttp1();
        world.lease();
        assertThat(heard).containsExactly(1, 1);

        world.manager.removeListener(bad);
        world.lease();
        assertThat(heard).containsExactly(1, 2);
    }

    @Test
    void aListenerWhoseClassPathLacksSomethingDoesNotDisturbThePool() {
        world.manager.addListener(new PoolListener() {
            @Override
            public void exchangeEnded(
                    org.apache.hc.client5.http.HttpRoute route,
                    @org.jspecify.annotations.Nullable InetAddress address,
                    Outcome outcome,
                    int status,
                    long elapsedNanos) {
                throw new NoSuchMethodError("of a library that is too old");
            }
        });
        PoolWorld.Lease lease = world.openHttp1();
        world.exchange(lease, "id", 200, null);
        world.release(lease);

        assertThat(world.manager.getTotalStats().getAvailable()).isEqualTo(1);
    }
}
