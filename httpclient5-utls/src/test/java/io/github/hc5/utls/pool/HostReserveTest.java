package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.address.RotationPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits and reserves by host pattern, on a fake network. */
class HostReserveTest {

    private static final HttpRoute VIP = PoolWorld.secure("a.vip.example");
    private static final HttpRoute OTHER_VIP = PoolWorld.secure("b.vip.example");
    private static final HttpRoute CROWD = PoolWorld.secure("crowd.example");
    private static final HttpRoute OTHER_CROWD = PoolWorld.secure("crowd2.example");

    private final PoolWorld world =
            new PoolWorld(b -> b.maxTotal(10).maxPerRoute(10).multiplexing(false));

    private static HostLimits reserve(int connections) {
        return limits("*.vip.example", HostLimit.builder().reserve(connections).build());
    }

    private static HostLimits limits(String pattern, HostLimit limit) {
        return HostLimits.of(Map.of(new HostPattern(pattern), limit));
    }

    private List<PoolWorld.Lease> lease(HttpRoute route, int count) {
        List<PoolWorld.Lease> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(world.lease(route, null, Timeout.ofMinutes(3)));
        }
        return leases;
    }

    private static long granted(List<PoolWorld.Lease> leases) {
        return leases.stream().filter(l -> l.endpoint != null).count();
    }

    private void open(List<PoolWorld.Lease> leases) {
        leases.stream()
                .filter(l -> l.endpoint != null && !l.endpoint().isConnected())
                .forEach(world::connect);
        world.net.openAll(false, 1);
    }

    /** What the pool has asked to close is closed. */
    private void endClosed() {
        List.copyOf(world.net.sessions).stream()
                .filter(s -> s.shutdownAsked || !s.open)
                .forEach(s -> s.end(null));
    }

    @Test
    void othersCannotTakeWhatIsReserved() {
        world.manager.setHostLimits(reserve(3));

        List<PoolWorld.Lease> crowd = lease(CROWD, 20);
        List<PoolWorld.Lease> vip = lease(VIP, 2);
        List<PoolWorld.Lease> otherVip = lease(OTHER_VIP, 2);

        assertThat(granted(crowd)).isEqualTo(7);
        assertThat(granted(vip)).isEqualTo(2);
        assertThat(granted(otherVip))
                .as("the reserve is of all hosts of the pattern")
                .isEqualTo(1);
    }

    /** Both ways round, for in one of them the route that waits is told of the new limits first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReserveThatIsUsedUpByOneHostHasNoRoomForAnother(boolean other) {
        HttpRoute holder = other ? OTHER_VIP : VIP;
        HttpRoute waiter = other ? VIP : OTHER_VIP;
        open(lease(holder, 3));
        HostLimit all = HostLimit.builder().reserve(10).build();
        world.manager.setHostLimits(limits("crowd.example", all));
        List<PoolWorld.Lease> waiting = lease(waiter, 3);
        assertThat(granted(waiting)).isZero();

        world.manager.setHostLimits(HostLimits.of(Map.of(
                new HostPattern("crowd.example"), HostLimit.builder().reserve(7).build(),
                new HostPattern("*.vip.example"), HostLimit.builder().reserve(3).build())));
        assertThat(granted(waiting)).isZero();

        world.manager.setHostLimits(HostLimits.NONE);
        assertThat(granted(waiting)).isEqualTo(3);
    }

    @Test
    void whoHasAReserveCompetesForTheRest() {
        world.manager.setHostLimits(reserve(3));

        assertThat(granted(lease(VIP, 20))).isEqualTo(10);
        List<PoolWorld.Lease> crowd = lease(CROWD, 1);
        assertThat(granted(crowd)).isZero();
    }

    @Test
    void whatIsFreedWithinAReserveDoesNotGoToOthers() {
        world.manager.setHostLimits(reserve(3));
        List<PoolWorld.Lease> crowd = lease(CROWD, 8);
        List<PoolWorld.Lease> vip = lease(VIP, 4);
        open(vip);
        assertThat(granted(crowd)).isEqualTo(7);

        vip.stream().filter(l -> l.endpoint != null).forEach(world::discard);
        endClosed();

        assertThat(granted(crowd)).isEqualTo(7);
        assertThat(granted(lease(OTHER_VIP, 3)))
                .as("the one that waited has a slot")
                .isEqualTo(2);
    }

    @Test
    void whoWaitsForTheRestIsServedWhenItIsFreedThoughOthersCameFirst() {
        world.manager.setHostLimits(reserve(3));
        List<PoolWorld.Lease> vip = lease(VIP, 10);
        open(vip);
        List<PoolWorld.Lease> crowd = lease(CROWD, 2);
        List<PoolWorld.Lease> late = lease(OTHER_VIP, 2);
        assertThat(granted(crowd)).isZero();

        for (int i = 0; i < 4; i++) {
            world.discard(vip.get(i));
        }
        endClosed();

        assertThat(granted(crowd)).isEqualTo(2);
        assertThat(granted(late)).isEqualTo(2);
    }

    @Test
    void idleConnectionsWithinAReserveAreNotClosedForTheSakeOfOthers() {
        world.manager.setHostLimits(reserve(3));
        List<PoolWorld.Lease> vip = lease(VIP, 3);
        open(vip);
        vip.forEach(world::release);
        lease(CROWD, 7);
        lease(OTHER_CROWD, 3);

        assertThat(world.closed).isEmpty();
        assertThat(world.net.sessions).noneMatch(s -> s.shutdownAsked);
    }

    @Test
    void idleConnectionsBeyondAReserveAreClosedForTheSakeOfOthers() {
        world.manager.setHostLimits(reserve(3));
        List<PoolWorld.Lease> vip = lease(VIP, 4);
        open(vip);
        vip.forEach(world::release);
        lease(CROWD, 6);
        List<PoolWorld.Lease> needy = lease(OTHER_CROWD, 3);
        endClosed();

        assertThat(world.closed).containsExactly("EVICTED");
        assertThat(granted(needy)).isEqualTo(1);
    }

    @Test
    void aReserveSetAtRunTimeIsFilledAsOthersComeBack() {
        List<PoolWorld.Lease> crowd = lease(CROWD, 10);
        open(crowd);
        List<PoolWorld.Lease> vip = lease(VIP, 3);
        assertThat(granted(vip)).isZero();

        world.manager.setHostLimits(reserve(2));
        List<PoolWorld.Lease> more = lease(CROWD, 5);
        for (int i = 0; i < 2; i++) {
            world.release(crowd.get(i));
            endClosed();
        }

        assertThat(granted(vip)).isEqualTo(2);
        assertThat(granted(more)).isZero();
    }

    @Test
    void aReserveTakenBackServesThoseWhoWaitAtOnce() {
        world.manager.setHostLimits(reserve(4));
        List<PoolWorld.Lease> crowd = lease(CROWD, 10);
        assertThat(granted(crowd)).isEqualTo(6);

        world.manager.setHostLimits(HostLimits.NONE);

        assertThat(granted(crowd)).isEqualTo(10);
    }

    @Test
    void connectionsOfAPatternHoldForEachRouteAndFollowAChangeAtOnce() {
        world.manager.setHostLimits(
                limits("*.vip.example", HostLimit.builder().connections(2).build()));
        List<PoolWorld.Lease> vip = lease(VIP, 9);
        List<PoolWorld.Lease> other = lease(OTHER_VIP, 3);
        assertThat(granted(vip)).isEqualTo(2);
        assertThat(granted(other)).isEqualTo(2);

        world.manager.setHostLimits(
                limits("*.vip.example", HostLimit.builder().connections(5).build()));
        assertThat(granted(vip)).isEqualTo(5);
        assertThat(world.manager.getMaxPerRoute(VIP)).isEqualTo(5);

        open(vip);
        world.manager.setHostLimits(
                limits("*.vip.example", HostLimit.builder().connections(1).build()));
        vip.stream().filter(l -> l.endpoint != null).limit(4).forEach(world::release);
        assertThat(world.net.sessions.stream().filter(s -> s.shutdownAsked)).hasSize(4);
    }

    @Test
    void aLimitOfTheRouteItselfWins() {
        world.manager.setHostLimits(
                limits("*.vip.example", HostLimit.builder().connections(2).build()));
        world.manager.setMaxPerRoute(VIP, 4);
        assertThat(granted(lease(VIP, 9))).isEqualTo(4);
        world.manager.setMaxPerRoute(VIP, 0);
        assertThat(world.manager.getMaxPerRoute(VIP)).isEqualTo(2);
    }

    @Test
    void aTotalThatDoesNotHoldTheReservesIsRefusedAndNothingChanges() {
        world.manager.setHostLimits(reserve(6));
        assertThatThrownBy(() -> world.manager.setMaxTotal(5)).hasMessageContaining("must be at most maxTotal (5)");
        assertThatThrownBy(() -> world.manager.setHostLimits(reserve(11))).hasMessageContaining("add up to 11");
        assertThat(world.manager.getMaxTotal()).isEqualTo(10);
        assertThat(world.manager.hostLimits()).isEqualTo(reserve(6));

        world.manager.setSettings(
                world.manager.settings().toBuilder().maxTotal(4).build(), reserve(1));
        assertThat(granted(lease(CROWD, 9))).isEqualTo(3);
    }

    @Test
    void aLowerTotalClosesNoMoreIdleConnectionsThanItMust() {
        List<PoolWorld.Lease> crowd = lease(CROWD, 10);
        open(crowd);
        crowd.forEach(world::release);

        world.manager.setMaxTotal(7);

        assertThat(world.net.sessions.stream().filter(s -> s.shutdownAsked)).hasSize(3);
    }

    @Test
    void theRotationOfAPatternChangesWhileThePoolRuns() {
        world.net.addresses = FakeNet.loopback(2, 3);
        HostPool pool = poolOf(VIP);
        assertThat(pool.targets.policy()).isEqualTo(RotationPolicy.ROUND_ROBIN);

        world.manager.setHostLimits(limits(
                "*.vip.example",
                HostLimit.builder().rotation(RotationPolicy.LEAST_USED).build()));

        assertThat(pool.targets.policy()).isEqualTo(RotationPolicy.LEAST_USED);
        assertThat(poolOf(CROWD).targets.policy()).isEqualTo(RotationPolicy.ROUND_ROBIN);
    }

    private HostPool poolOf(HttpRoute route) {
        lease(route, 1);
        return Objects.requireNonNull(world.manager.hostPool(route));
    }
}
