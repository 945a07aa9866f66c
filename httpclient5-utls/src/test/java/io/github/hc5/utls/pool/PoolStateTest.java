package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool has learned is known to the next one. */
class PoolStateTest {

    @TempDir
    Path folder;

    private static PoolWorld world() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(4));
        world.net.addresses = FakeNet.loopback(2, 3, 4);
        return world;
    }

    private static PoolState afterRestart(PoolState state) throws Exception {
        return StateFormat.read(StateFormat.write(state));
    }

    private static AddressHealth.State stateOf(PoolWorld world, InetAddress address) {
        return world.manager.addresses().of(PoolWorld.HOST).stream()
                .filter(a -> address.equals(a.address().getAddress()))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void theProtocolOfAHostIsKnownSoThatColdRequestsFanOutAtOnce() throws Exception {
        PoolWorld first = world();
        first.release(first.openHttp1());
        PoolWorld second = world();
        second.manager.restore(afterRestart(first.manager.state()));

        List<PoolWorld.Lease> leases = List.of(second.lease(), second.lease(), second.lease());

        assertThat(leases).as("none waits to see whether it is HTTP/2").allMatch(l -> l.endpoint != null);
        assertThat(second.pool().coldStart.protocol()).isEqualTo(ColdStart.Protocol.HTTP1);
    }

    @Test
    void bansLastForWhatIsLeftOfTheirTime() throws Exception {
        PoolWorld first = world();
        InetAddress address = first.net.addresses.get(0);
        first.manager.addresses().ban(address, Duration.ofMinutes(10));
        PoolState state = afterRestart(first.manager.state());
        PoolWorld second = world();
        PoolStates.restore(second.manager, state, state.savedAt().plus(Duration.ofMinutes(4)));

        assertThat(second.manager.addresses().bans()).extracting(Ban::remaining).containsExactly(Duration.ofMinutes(6));

        PoolWorld late = world();
        PoolStates.restore(late.manager, state, state.savedAt().plus(Duration.ofMinutes(10)));
        assertThat(late.manager.addresses().bans()).isEmpty();
    }

    @Test
    void anEjectionLastsForWhatIsLeftOfItsTimeAndGrowsFromThere() throws Exception {
        PoolWorld first = world();
        PoolWorld.Lease lease = first.openHttp1();
        InetAddress out = Objects.requireNonNull(
                Objects.requireNonNull(lease.connection().target).address());
        for (int i = 0; i < 5; i++) {
            first.exchange(lease, "id", 0, new IOException("reset"));
        }
        assertThat(stateOf(first, out)).isEqualTo(AddressHealth.State.OUT);
        PoolState state = afterRestart(first.manager.state());
        Duration left = state.addresses().stream()
                .filter(a -> a.place().address().equals(out))
                .findFirst()
                .orElseThrow()
                .outFor();
        assertThat(left).isPositive();

        PoolWorld second = world();
        PoolStates.restore(second.manager, state, state.savedAt());
        PoolWorld.Lease next = second.openHttp1();
        assertThat(stateOf(second, out)).isEqualTo(AddressHealth.State.OUT);
        assertThat(Objects.requireNonNull(next.connection().target).address()).isNotEqualTo(out);

        PoolWorld late = world();
        PoolStates.restore(late.manager, state, state.savedAt().plus(left));
        late.openHttp1();
        assertThat(stateOf(late, out)).isEqualTo(AddressHealth.State.WELL);
    }

    @Test
    void latenciesAreKnownAndWhatIsNotAskedForAgainIsSavedAgain() throws Exception {
        PoolWorld first = world();
        PoolWorld.Lease lease = first.openHttp1();
        LeasedExchange exchange =
                new LeasedExchange(lease.connection(), SilentHandler.INSTANCE, "id", first.time.getAsLong());
        first.time.advance(7_000_000);
        exchange.consumeResponse(
                new org.apache.hc.core5.http.message.BasicHttpResponse(200),
                null,
                org.apache.hc.client5.http.protocol.HttpClientContext.create());
        exchange.streamEnd(null);
        exchange.releaseResources();
        PoolState state = afterRestart(first.manager.state());
        assertThat(state.addresses())
                .extracting(PoolState.AddressMemory::latency)
                .contains(Duration.ofMillis(7));

        PoolWorld unused = world();
        PoolStates.restore(unused.manager, state, state.savedAt());
        assertThat(PoolStates.of(unused.manager, state.savedAt())).isEqualTo(state);

        PoolWorld second = world();
        PoolStates.restore(second.manager, state, state.savedAt());
        second.openHttp1();
        assertThat(second.manager.addresses().of(PoolWorld.HOST))
                .extracting(AddressSnapshot::latency)
                .contains(Duration.ofMillis(7));
    }

    @Test
    void whatIsKnownOfARouteGivenUpStaysKnown() throws Exception {
        PoolWorld world = world();
        world.discard(world.openHttp1());
        List.copyOf(world.net.sessions).forEach(s -> s.end(null));
        world.time.advance(Duration.ofMinutes(30).toNanos());
        world.manager.maintainer.maintain(world.time.getAsLong());
        assertThat(world.manager.getRoutes()).isEmpty();

        assertThat(world.manager.state().hosts())
                .containsExactly(new PoolState.HostMemory("https://host.example:443", "", false, 100));
        world.lease();
        assertThat(world.pool().coldStart.protocol()).isEqualTo(ColdStart.Protocol.HTTP1);
    }

    @Test
    void aClockSetBackLengthensNothing() {
        PoolState state = States.full();
        assertThat(state.at(state.savedAt().minusSeconds(3600)).bans()).isEqualTo(state.bans());
    }

    private static HotConnectionManagerBuilder builder() {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(ClientTlsStrategyBuilder.create().buildAsync())
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build());
    }

    @Test
    void aManagerSavesWhenItIsClosedAndTheNextOneLoads() throws Exception {
        StateSettings settings = StateSettings.inFile(folder.resolve("state"));
        InetAddress address = InetAddress.getByName("192.0.2.7");
        try (HotConnectionManager manager = builder().setStateSettings(settings).build()) {
            manager.addresses().ban(address, Duration.ofHours(1));
        }
        try (HotConnectionManager manager = builder().setStateSettings(settings).build()) {
            assertThat(manager.addresses().bans()).extracting(Ban::address).containsExactly(address);
        }
        assertThatThrownBy(() -> builder().setStateSettings(StateSettings.inRedis()))
                .hasMessage("the place of the state is REDIS, set its store by setStateStore");
    }

    /** A store that cannot be reached for a while. */
    private static final class Store implements StateStore {
        final List<String> calls = new ArrayList<>();
        boolean down;

        @Override
        public PoolState load() throws IOException {
            return reached("load");
        }

        @Override
        public void save(PoolState state) throws IOException {
            reached("save");
        }

        private PoolState reached(String call) throws IOException {
            calls.add(call);
            if (down) {
                throw new IOException("not reached");
            }
            return States.full();
        }
    }

    @Test
    void nothingIsSavedBeforeTheStateOfBeforeIsLoaded() {
        Store store = new Store();
        List<PoolState> restored = new ArrayList<>();
        StateKeeper keeper = new StateKeeper(store, States::full, restored::add);
        store.down = true;
        keeper.turn(false);
        keeper.turn(true);
        assertThat(store.calls).containsExactly("load", "load");
        store.down = false;
        keeper.turn(true);
        store.down = true;
        keeper.turn(true);
        store.down = false;
        keeper.close();
        assertThat(store.calls).containsExactly("load", "load", "load", "save", "save", "save");
        assertThat(restored).containsExactly(States.full());
    }
}
