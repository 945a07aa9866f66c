package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.BanRule;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.address.StickyKey;
import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HealthSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several addresses of one host, on a clock and a network that the tests move. */
class AddressesTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final List<InetAddress> FOUR = FakeNet.loopback(1, 2, 3, 4);

    private PoolWorld world(RotationPolicy policy, Map<InetAddress, Integer> weights) {
        PoolWorld world = new PoolWorld(
                b -> b.maxPerRoute(8).checkInterval(Duration.ZERO),
                LeasePermits.unlimited(),
                clock -> new Addressing(
                        AddressSettings.builder()
                                .rotation(policy)
                                .weights(weights)
                                .build(),
                        AddressFilter.NONE,
                        BanSettings.defaults(),
                        HealthSettings.defaults(),
                        clock));
        world.net.addresses = FOUR;
        return world;
    }

    private PoolWorld world() {
        return world(RotationPolicy.ROUND_ROBIN, Map.of());
    }

    private static InetAddress address(PoolWorld.Lease lease) {
        return Objects.requireNonNull(lease.connection().targetOrThrow().address());
    }

    private static Map<InetAddress, Integer> shares(
            PoolWorld world, boolean http2, int leases, @Nullable Object state) {
        Map<InetAddress, Integer> shares = new HashMap<>();
        for (int i = 0; i < leases; i++) {
            PoolWorld.Lease lease = world.lease("id" + i, PoolWorld.HOST, state);
            if (!lease.endpoint().isConnected()) {
                world.connect(lease);
                world.net.openAll(http2, 100);
            }
            shares.merge(address(lease), 1, Integer::sum);
            world.exchange(lease, "id" + i, 200, null);
            world.release(lease);
        }
        return shares;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void roundRobinGivesEachAddressTheSame(boolean http2) {
        assertThat(shares(world(), http2, 400, null).values()).containsExactly(100, 100, 100, 100);
    }

    @Test
    void whoWaitsForAnAddressIsServedWhenAnotherConnectionLeavesItForTheNext() {
        PoolWorld world = world();
        world.net.addresses = FakeNet.loopback(1, 2);
        world.release(world.open(false, 1));
        world.manager.setMaxPerRoute(PoolWorld.HOST, 3);
        PoolWorld.Lease dialled = world.lease();
        PoolWorld.Lease open = world.lease();
        assertThat(address(dialled)).isNotEqualTo(address(open));
        world.connect(dialled);
        PoolWorld.Lease third = world.lease();
        assertThat(third.calls).as("each address has as many as it may").isZero();

        world.pool().outcomes.dialled(dialled.connection(), open.connection().targetOrThrow());
        assertThat(third.calls).isOne();
    }

    @Test
    void weightsGiveEachAddressItsPart() {
        Map<InetAddress, Integer> shares =
                shares(world(RotationPolicy.WEIGHTED, Map.of(FOUR.get(1), 5, FOUR.get(2), 2)), true, 900, null);
        assertThat(shares.get(FOUR.get(1))).isBetween(498, 502);
        assertThat(shares.get(FOUR.get(2))).isBetween(198, 202);
        assertThat(shares.get(FOUR.get(0))).isBetween(98, 102);
    }

    @Test
    void randomReachesAll() {
        assertThat(shares(world(RotationPolicy.RANDOM, Map.of()), true, 400, null)
                        .values())
                .hasSize(4)
                .allMatch(n -> n > 50);
    }

    @Test
    void oneKeySticksToOneAddressAndKeysSpread() {
        PoolWorld world = world(RotationPolicy.STICKY, Map.of());
        List<InetAddress> used = new ArrayList<>();
        for (int key = 0; key < 40; key++) {
            Map<InetAddress, Integer> shares = shares(world, true, 5, StickyKey.of("customer " + key));
            assertThat(shares).hasSize(1);
            used.addAll(shares.keySet());
        }
        assertThat(used).contains(FOUR.get(0), FOUR.get(1), FOUR.get(2), FOUR.get(3));
    }

    @Test
    void aKeyMovesWhenItsAddressIsBannedAndTheOthersStay() {
        PoolWorld world = world(RotationPolicy.STICKY, Map.of());
        Map<Integer, InetAddress> before = new HashMap<>();
        for (int key = 0; key < 20; key++) {
            before.put(
                    key,
                    shares(world, true, 1, new StickyKey(key))
                            .keySet()
                            .iterator()
                            .next());
        }
        InetAddress bad = Objects.requireNonNull(before.get(0));
        world.manager.addresses().ban(bad, Duration.ofHours(1));
        for (int key = 0; key < 20; key++) {
            InetAddress after = shares(world, true, 1, new StickyKey(key))
                    .keySet()
                    .iterator()
                    .next();
            if (bad.equals(before.get(key))) {
                assertThat(after).isNotEqualTo(bad);
            } else {
                assertThat(after).isEqualTo(before.get(key));
            }
        }
    }

    @Test
    void leastUsedTakesTheAddressWithTheFewestLeases() {
        PoolWorld world = world(RotationPolicy.LEAST_USED, Map.of());
        shares(world, true, 4, null);
        Map<InetAddress, Integer> held = new HashMap<>();
        List<PoolWorld.Lease> leases = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            leases.add(world.lease());
            held.merge(address(leases.get(i)), 1, Integer::sum);
        }
        assertThat(held.values()).containsExactly(2, 2, 2, 2);
        InetAddress freed = address(leases.get(5));
        world.release(leases.get(5));
        assertThat(address(world.lease())).isEqualTo(freed);
    }

    @Test
    void aBannedStatusTakesTheAddressOutUntilTheProbe() {
        PoolWorld world = world();
        shares(world, true, 8, null);
        PoolWorld.Lease lease = world.lease("bad", PoolWorld.HOST, null);
        InetAddress bad = address(lease);
        HotConnection drained = lease.connection();
        world.exchange(lease, "bad", 403, null);
        world.release(lease);

        assertThat(world.changes).containsExactly(bad.getHostAddress() + " OUT BANNED_STATUS");
        assertThat(shares(world, true, 300, null)).hasSize(3).doesNotContainKey(bad);
        assertThat(drained.isRetired()).isTrue();

        world.time.advance(300 * SECOND - 1);
        assertThat(world.net.dials).isEmpty();
        world.time.advance(1);
        assertThat(world.net.dials).as("one probe").hasSize(1);
        assertThat(((InetSocketAddress) world.net.dials.get(0).address).getAddress())
                .isEqualTo(bad);
        world.net.dials.get(0).fail(new ConnectException("refused"));
        assertThat(world.net.dials).as("a probe does not fail over").isEmpty();
        assertThat(world.manager.addresses().of(PoolWorld.HOST))
                .filteredOn(a -> a.address().getAddress().equals(bad))
                .singleElement()
                .matches(a -> a.state() == AddressHealth.State.OUT);
    }

    @Test
    void aRetriedExchangeGetsAnotherAddress() {
        PoolWorld world = world();
        shares(world, true, 4, null);
        for (int i = 0; i < 50; i++) {
            PoolWorld.Lease first = world.lease("retried" + i, PoolWorld.HOST, null);
            InetAddress failed = address(first);
            world.exchange(first, "retried" + i, 0, new IOException("reset"));
            world.release(first);
            PoolWorld.Lease other = world.lease("other" + i, PoolWorld.HOST, null);
            world.exchange(other, "other" + i, 200, null);
            PoolWorld.Lease second = world.lease("retried" + i, PoolWorld.HOST, null);
            assertThat(address(second)).isNotEqualTo(failed);
            world.exchange(second, "retried" + i, 200, null);
            world.release(second);
            world.release(other);
            shares(world, true, 4, null);
        }
    }

    @Test
    void theNextAddressIsTriedBesideOneThatDoesNotAnswerIn250Milliseconds() {
        PoolWorld world = world();
        PoolWorld.Lease lease = world.lease();
        PoolWorld.Lease connect = world.connect(lease);
        assertThat(world.net.dials).hasSize(1);
        world.time.advance(250 * MILLI - 1);
        assertThat(world.net.dials).hasSize(1);
        world.time.advance(1);
        assertThat(world.net.dials).hasSize(2);
        FakeNet.Dial slow = world.net.dials.get(0);
        world.net.dials.get(1).succeed();
        world.net.openAll(true, 100);

        assertThat(connect.endpoint().isConnected()).isTrue();
        assertThat(slow.future.isCancelled()).isTrue();
        assertThat(address(lease)).isEqualTo(FOUR.get(1));
        assertThat(world.changes).containsExactly("127.0.0.1 OUT TIMED_OUT");
    }

    @Test
    void aLoserThatBeganAfterTheWinnerIsNotBlamed() {
        PoolWorld world = world();
        PoolWorld.Lease lease = world.lease();
        world.connect(lease);
        world.time.advance(250 * MILLI);
        world.net.dials.get(0).succeed();
        world.net.openAll(true, 100);
        assertThat(address(lease)).isEqualTo(FOUR.get(0));
        assertThat(world.changes).isEmpty();
    }

    @Test
    void theOtherFamilyIsTriedSecond() throws Exception {
        PoolWorld world = world();
        InetAddress v6 = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        world.net.addresses = List.of(FOUR.get(0), FOUR.get(1), v6);
        world.connect(world.lease());
        world.time.advance(250 * MILLI);
        assertThat(((InetSocketAddress) world.net.dials.get(1).address).getAddress())
                .isEqualTo(v6);
    }

    @Test
    void oneConnectTriesFourAddressesAndNamesThem() {
        PoolWorld world = world();
        world.net.addresses = FakeNet.loopback(1, 2, 3, 4, 5, 6);
        PoolWorld.Lease connect = world.connect(world.lease());
        for (int i = 0; i < 4; i++) {
            assertThat(connect.failure).isNull();
            world.net.dials.get(0).fail(new ConnectException("refused " + i));
        }
        assertThat(Objects.requireNonNull(connect.failure))
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connect to https://host.example:443 failed: 127.0.0.1:443: refused 0; "
                        + "127.0.0.2:443: refused 1; 127.0.0.3:443: refused 2; 127.0.0.4:443: refused 3");
        assertThat(world.net.dials).isEmpty();
    }

    @Test
    void aHandshakeThatStallsCostsItsTimeOnceAndTheDialGoesOn() {
        PoolWorld world = world();
        PoolWorld.Lease lease = world.lease();
        PoolWorld.Lease connect = world.connect(lease);
        world.net.dials.get(0).succeed();
        FakeNet.FakeSession stalled = world.net.sessions.get(0);
        world.time.advance(world.manager.settings().handshakeTimeout().toNanos());
        assertThat(stalled.open).isFalse();
        assertThat(world.net.dials).hasSize(1);
        stalled.end(null);
        world.net.openAll(true, 100);
        assertThat(connect.endpoint().isConnected()).isTrue();
        assertThat(address(lease)).isEqualTo(FOUR.get(1));
        assertThat(world.changes).containsExactly("127.0.0.1 OUT TIMED_OUT");
    }

    @Test
    void noAddressIsBegunAfterTheConnectTimeout() {
        PoolWorld world = world();
        PoolWorld.Lease connect = world.connect(world.lease());
        world.net.dials.get(0).succeed();
        world.time.advance(world.manager.settings().connectTimeout().toNanos());
        assertThat(connect.failure != null || !world.net.dials.isEmpty()).isTrue();
        world.time.advance(world.manager.settings().connectTimeout().toNanos());
        List.copyOf(world.net.dials).forEach(d -> d.fail(new java.net.SocketTimeoutException("no answer")));
        assertThat(connect.failure).isNotNull();
    }

    @Test
    void addressesThatDnsNoLongerNamesAreDrained() {
        PoolWorld world = world();
        shares(world, true, 4, null);
        PoolWorld.Lease held = world.lease();
        while (!address(held).equals(FOUR.get(0))) {
            held = world.lease();
        }
        world.net.addresses = FakeNet.loopback(3, 4, 5);
        world.time.advance(Duration.ofMinutes(30).toNanos());
        assertThat(held.endpoint().isConnected()).as("its exchange goes on").isTrue();
        assertThat(world.manager.addresses().of(PoolWorld.HOST)).hasSize(3);
        assertThat(shares(world, true, 300, null))
                .doesNotContainKeys(FOUR.get(0), FOUR.get(1))
                .hasSize(3);
    }

    @Test
    void theFilterIsAskedBeforeEachDialAndCanBeChanged() {
        PoolWorld world = world();
        world.manager
                .addresses()
                .setFilter(AddressFilter.builder().privateGuard(true).build());
        PoolWorld.Lease refused = world.connect(world.lease());
        assertThat(Objects.requireNonNull(refused.failure))
                .hasMessageContaining("refuses every address")
                .hasMessageContaining("127.0.0.1:443, 127.0.0.2:443");
        assertThat(world.net.dialled).isZero();

        world.manager
                .addresses()
                .setFilter(AddressFilter.builder().deny("127.0.0.2/31").build());
        assertThat(shares(world, true, 100, null)).containsOnlyKeys(FOUR.get(0), FOUR.get(3));

        world.manager.addresses().setFilter(AddressFilter.NONE);
        assertThat(shares(world, true, 100, null)).hasSize(4);
    }

    @Test
    void aUsersBanEndsByItselfAndByLifting() {
        PoolWorld world = world();
        shares(world, true, 4, null);
        world.manager.addresses().ban(FOUR.get(1), Duration.ofSeconds(10));
        assertThat(shares(world, true, 90, null)).hasSize(3);
        world.time.advance(10 * SECOND);
        assertThat(shares(world, true, 90, null)).hasSize(4);

        world.manager.addresses().ban(FOUR.get(1), Duration.ofDays(1));
        assertThat(world.manager.addresses().bans()).hasSize(1);
        assertThat(world.manager.addresses().lift(FOUR.get(1))).isTrue();
        assertThat(shares(world, true, 90, null)).hasSize(4);
    }

    @Test
    void whatIsKnownAsGoodIsDialledFirst() {
        PoolWorld world = world();
        world.manager
                .addresses()
                .restoreKnownGood(
                        List.of(new io.github.hc5.utls.address.AddressBans.Place("host.example", "", FOUR.get(2))));
        world.connect(world.lease());
        assertThat(((InetSocketAddress) world.net.dials.get(0).address).getAddress())
                .isEqualTo(FOUR.get(2));
    }

    @Test
    void connectsThatTheirCallersCancelSayNothingOfTheHost() {
        PoolWorld world = world();
        for (int i = 0; i < 20; i++) {
            PoolWorld.Lease lease = world.lease();
            world.connect(lease).cancel();
            world.discard(lease);
        }
        assertThat(Objects.requireNonNull(world.manager.addresses().hostHealth(PoolWorld.HOST))
                        .consecutiveFailures())
                .isZero();
        assertThat(world.changes).isEmpty();
    }

    @Test
    void aHostThatFailsIsDiscoveredAnewAfterItsRecoveryTime() {
        PoolWorld world = world();
        for (int i = 0; i < 10; i++) {
            PoolWorld.Lease lease = world.lease();
            PoolWorld.Lease connect = world.connect(lease);
            while (connect.failure == null) {
                world.net.dials.get(0).fail(new ConnectException("refused"));
            }
            world.release(lease);
        }
        assertThat(Objects.requireNonNull(world.manager.addresses().hostHealth(PoolWorld.HOST))
                        .reason())
                .isEqualTo("10 failures in a row");
        world.time.advance(30 * SECOND);
        world.net.openAll(true, 100);
        assertThat(Objects.requireNonNull(world.manager.addresses().hostHealth(PoolWorld.HOST))
                        .reason())
                .isEqualTo("answers");
        assertThat(world.net.sessions).isNotEmpty();
    }

    @Test
    void oneRequestOpensOneConnection() {
        PoolWorld world = world();
        shares(world, true, 1, null);
        assertThat(world.net.dialled).isEqualTo(1);
    }

    @Test
    void aBodyCanBanWhereARuleWantsToSeeIt() throws Exception {
        PoolWorld world = new PoolWorld(
                b -> b.maxPerRoute(8),
                LeasePermits.unlimited(),
                clock -> new Addressing(
                        AddressSettings.defaults(),
                        AddressFilter.NONE,
                        BanSettings.builder()
                                .rules(List.of(BanRule.ofBody("*", 6, (status, body) -> body.get(0) == 'd', 200)))
                                .build(),
                        HealthSettings.defaults(),
                        clock));
        world.net.addresses = FOUR;
        for (String body : List.of("denied for all time", "welcome", "d")) {
            PoolWorld.Lease lease = world.lease();
            world.connect(lease);
            world.net.openAll(true, 100);
            LeasedExchange exchange = new LeasedExchange(lease.connection(), SilentHandler.INSTANCE, body, 0);
            exchange.consumeResponse(new BasicHttpResponse(200), null, HttpClientContext.create());
            exchange.consume(ByteBuffer.wrap(body.getBytes(StandardCharsets.US_ASCII)));
            exchange.streamEnd(null);
            exchange.releaseResources();
            assertThat(exchange.hasFailed()).isEqualTo(body.startsWith("d"));
        }
        assertThat(world.manager.addresses().bans()).hasSize(2);
    }

    @Test
    void aFamilyWithoutARouteCostsNeitherTimeNorTheHealthOfItsAddresses() throws Exception {
        PoolWorld world = world();
        InetAddress v4 = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        List<InetAddress> v6 = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            byte[] bytes = new byte[16];
            System.arraycopy(new byte[] {0x20, 0x01, 0x0d, (byte) 0xb8}, 0, bytes, 0, 4);
            bytes[15] = (byte) i;
            v6.add(InetAddress.getByAddress(bytes));
        }
        world.net.addresses = List.of(v6.get(0), v6.get(1), v6.get(2), v4);

        PoolWorld.Lease first = world.lease();
        PoolWorld.Lease connect = world.connect(first);
        assertThat(dialled(world)).isInstanceOf(Inet6Address.class);
        world.net.dials.get(0).fail(new SocketException("Network is unreachable"));
        assertThat(dialled(world))
                .as("at once, and none of the other two first")
                .isEqualTo(v4);
        world.net.openAll(true, 1);
        connect.endpoint();

        PoolWorld.Lease second = world.lease();
        world.connect(second);
        assertThat(dialled(world)).isEqualTo(v4);
        world.net.openAll(true, 1);
        assertThat(world.manager.addresses().of(PoolWorld.HOST))
                .allMatch(address -> address.state() == AddressHealth.State.WELL);
        assertThat(world.changes).isEmpty();

        world.time.advance(Routability.MEMORY_NANOS);
        world.connect(world.lease());
        world.net.openAll(true, 1);
        world.connect(world.lease());
        assertThat(dialled(world)).as("there may be a route again").isInstanceOf(Inet6Address.class);
        world.net.openAll(true, 1);
    }

    @Test
    void aHostWithoutAnotherFamilyIsDialledAndFailsWithWhatTheMachineSays() throws Exception {
        PoolWorld world = world();
        world.net.addresses = List.of(InetAddress.getByName("2001:db8::1"));
        for (int i = 0; i < 2; i++) {
            PoolWorld.Lease connect = world.connect(world.lease());
            world.net.dials.get(0).fail(new SocketException("Network is unreachable"));
            assertThat(connect.failure).hasMessageContaining("Network is unreachable");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, LOCAL",
        "10.1.2.3, LOCAL",
        "192.0.2.1, IPV4",
        "::1, LOCAL",
        "fe80::1, LOCAL",
        "fd00::1, LOCAL",
        "2001:db8::1, IPV6"
    })
    void onlyWhatNeedsADefaultRouteBelongsToAFamily(String address, Routability.Family family) throws Exception {
        assertThat(Routability.Family.of(InetAddress.getByName(address))).isEqualTo(family);
    }

    private static InetAddress dialled(PoolWorld world) {
        assertThat(world.net.dials).hasSize(1);
        return ((InetSocketAddress) world.net.dials.get(0).address).getAddress();
    }
}
