package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HealthSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random operations on a fake clock and a fake network, from a seed, with the invariants of the pool checked after each:
 * never over a limit, no waiter that could be served, no lease lost or given back twice, counters that agree. The number
 * of steps in all is 1,000,000 with {@code -Pfull}, 60,000 otherwise, or the system property {@code utls.fuzz.steps}; a
 * failure names its seed, which is played alone with {@code utls.fuzz.seed}.
 */
class PoolFuzzTest {

    private static final int STEPS_PER_SEED = 2_000;
    private static final int STEPS =
            Integer.getInteger("utls.fuzz.steps", Boolean.getBoolean("utls.full") ? 1_000_000 : 60_000);

    private static final @Nullable Integer SEED = Integer.getInteger("utls.fuzz.seed");

    @TestFactory
    List<DynamicTest> keepsItsInvariants() {
        if (SEED != null) {
            return List.of(DynamicTest.dynamicTest("seed " + SEED, () -> new Run(SEED).play()));
        }
        int perTest = 10;
        int seeds = Math.max(1, STEPS / STEPS_PER_SEED);
        List<DynamicTest> tests = new ArrayList<>();
        for (int first = 0; first < seeds; first += perTest) {
            int from = first;
            int to = Math.min(seeds, first + perTest);
            tests.add(DynamicTest.dynamicTest("seeds " + from + " to " + (to - 1), () -> {
                for (int seed = from; seed < to; seed++) {
                    new Run(seed).play();
                }
            }));
        }
        return tests;
    }

    private static final class Run {
        private final int seed;
        private final Random random;
        private final PoolWorld world;
        private final List<HttpRoute> routes = new ArrayList<>();
        private final List<PoolWorld.Lease> waiting = new ArrayList<>();
        private final List<PoolWorld.Lease> held = new ArrayList<>();
        private final List<PoolWorld.Lease> connecting = new ArrayList<>();
        private final List<PinnedRoute> pins = new ArrayList<>();
        private final List<PoolWorld.Lease> all = new ArrayList<>();
        private final List<PrewarmProgress> prewarms = new ArrayList<>();
        private final List<CompletableFuture<RouteDiscovery>> discoveries = new ArrayList<>();
        private final FuzzPermits permits;
        private String action = "start";
        private int step;

        Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.permits = seed % 4 == 3 ? new FuzzPermits() : new FuzzPermits(true);
            RotationPolicy policy = pick(List.of(RotationPolicy.values()));
            this.world = new PoolWorld(
                    b -> b.maxTotal(1 + random.nextInt(8))
                            .maxPerRoute(1 + random.nextInt(4))
                            .maxIdle(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(4))
                            .multiplexing(random.nextInt(5) > 0)
                            .closeTimeout(java.time.Duration.ZERO),
                    seed % 4 == 3 ? permits : LeasePermits.unlimited(),
                    clock -> new Addressing(
                            AddressSettings.builder()
                                    .rotation(policy)
                                    .dnsInterval(java.time.Duration.ofSeconds(random.nextInt(60)))
                                    .build(),
                            AddressFilter.NONE,
                            BanSettings.builder()
                                    .banTime(java.time.Duration.ofSeconds(20))
                                    .probe(random.nextBoolean())
                                    .build(),
                            HealthSettings.builder()
                                    .exchangeFailures(1 + random.nextInt(3))
                                    .hostFailures(4)
                                    .build(),
                            clock));
            if (seed % 3 != 0) {
                resolveAnew();
            }
            for (int i = 0; i < 3; i++) {
                routes.add(PoolWorld.secure("host" + i + ".example"));
            }
            if (seed % 2 == 1) {
                world.manager.setHostLimits(hostLimits());
            }
        }

        void play() {
            try {
                Map<HttpRoute, Integer> before = new HashMap<>();
                for (step = 0; step < STEPS_PER_SEED; step++) {
                    routes.forEach(r -> before.put(r, slots(r)));
                    int totalBefore = world.manager.snapshot().open();
                    act();
                    settle();
                    check(before, totalBefore);
                }
                finish();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", step " + step + ", after " + action, e);
            }
        }

        private void act() {
            switch (random.nextInt(28)) {
                case 0, 1, 2, 3 -> lease();
                case 4, 5 -> connect();
                case 6, 7, 8 -> release();
                case 9 -> cancelLease();
                case 10 -> cancelConnect();
                case 11, 12, 13 -> answerDial();
                case 14, 15, 16 -> answerHandshake();
                case 17 -> endSession();
                case 18 -> changeLimits();
                case 19 -> advance();
                case 20 -> answerCheck();
                case 21 -> report();
                case 22 -> control();
                case 23, 24 -> exchange();
                case 25 -> address();
                case 26 -> permits.revoke(random);
                default -> permits.answer(random);
            }
        }

        private void lease() {
            HttpRoute route = pick(routes);
            Object state = switch (random.nextInt(8)) {
                case 0 -> "alice";
                case 1 -> "bob";
                case 2 -> pin(route);
                default -> null;
            };
            action = "lease " + route + " " + state;
            PoolWorld.Lease lease =
                    world.lease(route, state, random.nextInt(3) == 0 ? Timeout.DISABLED : Timeout.ofSeconds(20));
            all.add(lease);
            waiting.add(lease);
        }

        private @Nullable Object pin(HttpRoute route) {
            if (pins.size() < 3) {
                pins.add(world.manager.pin(route));
            }
            PinnedRoute pin = pick(pins);
            return pin.route().equals(route) ? pin : null;
        }

        private void connect() {
            List<PoolWorld.Lease> unconnected = new ArrayList<>();
            for (PoolWorld.Lease lease : held) {
                if (!lease.endpoint().isConnected() && !connecting.contains(lease)) {
                    unconnected.add(lease);
                }
            }
            if (!unconnected.isEmpty()) {
                PoolWorld.Lease lease = pick(unconnected);
                action = "connect " + lease.connection();
                PoolWorld.Lease connect = world.connect(lease);
                all.add(connect);
                connecting.add(connect);
                connecting.add(lease);
            }
        }

        private void release() {
            if (held.isEmpty()) {
                return;
            }
            PoolWorld.Lease lease = pick(held);
            held.remove(lease);
            boolean discard = random.nextInt(4) == 0;
            Object state = random.nextInt(10) == 0 ? "alice" : null;
            action = (discard ? "discard " : "release ") + lease.connection() + " " + state;
            AsyncConnectionEndpoint endpoint = lease.endpoint();
            Object pinned = ((HotEndpoint) endpoint).connection().userState;
            if (discard) {
                endpoint.close(CloseMode.IMMEDIATE);
                world.manager.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
            } else {
                world.manager.release(
                        endpoint,
                        pinned instanceof PinnedRoute ? pinned : state,
                        random.nextBoolean() ? TimeValue.NEG_ONE_MILLISECOND : TimeValue.ofSeconds(30));
            }
            // a second release must do nothing
            world.manager.release(endpoint, "bob", TimeValue.NEG_ONE_MILLISECOND);
        }

        private void cancelLease() {
            if (!waiting.isEmpty()) {
                action = "cancel a lease";
                pick(waiting).cancel();
            }
        }

        private void cancelConnect() {
            if (!connecting.isEmpty()) {
                action = "cancel a connect";
                PoolWorld.Lease connect = pick(connecting);
                connect.cancel();
            }
        }

        private void answerDial() {
            if (!world.net.dials.isEmpty()) {
                FakeNet.Dial dial = pick(world.net.dials);
                boolean fail = random.nextInt(5) == 0;
                action = (fail ? "refuse " : "accept ") + dial.connection;
                if (fail) {
                    dial.fail(new java.net.ConnectException("refused"));
                } else {
                    dial.succeed();
                }
            }
        }

        private void answerHandshake() {
            if (!world.net.handshakes.isEmpty()) {
                FakeNet.Handshake handshake = pick(world.net.handshakes);
                boolean http2 = handshake
                                                .session
                                                .connection
                                                .pool
                                                .route
                                                .getTargetHost()
                                                .getHostName()
                                                .hashCode()
                                        % 2
                                == 0
                        || random.nextInt(20) == 0;
                boolean fail = random.nextInt(8) == 0;
                action = (fail ? "fail TLS of " : "finish TLS of ") + handshake.session.connection + " h2 " + http2;
                if (fail) {
                    handshake.fail(new IOException("TLS"));
                } else {
                    handshake.succeed(http2, 1 + random.nextInt(4));
                }
            }
        }

        private void resolveAnew() {
            int[] last =
                    random.ints(2, 8).distinct().limit(1 + random.nextInt(4)).toArray();
            world.net.addresses = FakeNet.loopback(last);
        }

        private void exchange() {
            List<PoolWorld.Lease> connected = new ArrayList<>();
            for (PoolWorld.Lease lease : held) {
                if (lease.endpoint().isConnected()) {
                    connected.add(lease);
                }
            }
            if (!connected.isEmpty()) {
                PoolWorld.Lease lease = pick(connected);
                int status = List.of(200, 200, 403, 503).get(random.nextInt(4));
                action = "an exchange with status " + status + " on " + lease.connection();
                world.exchange(lease, "id", status, random.nextInt(4) == 0 ? new IOException("reset") : null);
            }
        }

        private void address() {
            java.net.InetAddress address = pick(world.net.addresses);
            switch (random.nextInt(5)) {
                case 0 -> world.manager.addresses().ban(address, java.time.Duration.ofSeconds(1 + random.nextInt(20)));
                case 1 -> world.manager.addresses().lift(address);
                case 2 ->
                    world.manager
                            .addresses()
                            .setFilter(
                                    random.nextBoolean()
                                            ? AddressFilter.NONE
                                            : AddressFilter.builder()
                                                    .deny(address.getHostAddress())
                                                    .build());
                default -> {
                    if (seed % 3 != 0) {
                        resolveAnew();
                    }
                }
            }
            action = "the address " + address;
        }

        private void endSession() {
            if (!world.net.sessions.isEmpty()) {
                FakeNet.FakeSession session = pick(world.net.sessions);
                action = "end " + session.connection;
                session.end(random.nextBoolean() ? null : new IOException("reset"));
            }
        }

        private void changeLimits() {
            int n = 1 + random.nextInt(6);
            switch (random.nextInt(5)) {
                case 0 -> {
                    int reserved = reserved();
                    if (n < reserved) {
                        assertThatThrownBy(() -> world.manager.setMaxTotal(n))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("add up to " + reserved);
                    } else {
                        world.manager.setMaxTotal(n);
                    }
                }
                case 4 -> world.manager.setHostLimits(hostLimits());
                case 1 -> world.manager.setDefaultMaxPerRoute(n);
                case 2 -> world.manager.setMaxPerRoute(pick(routes), n);
                default -> world.manager.setMaxIdle(n);
            }
            action = "a limit of " + n;
        }

        private int reserved() {
            return world.manager.hostLimits().reserves().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        }

        /** Limits for some of the hosts, with reserves that fit the total. */
        private HostLimits hostLimits() {
            Map<HostPattern, HostLimit> limits = new HashMap<>();
            int left = world.manager.getMaxTotal();
            for (String pattern : List.of("host0.example", "host1.example", "*.example")) {
                if (random.nextBoolean()) {
                    HostLimit.Builder limit = HostLimit.builder();
                    if (random.nextBoolean()) {
                        int reserve = random.nextInt(left + 1);
                        left -= reserve;
                        limit.reserve(reserve);
                    }
                    if (random.nextInt(3) == 0) {
                        limit.connections(1 + random.nextInt(4));
                    }
                    if (random.nextInt(3) == 0) {
                        limit.rotation(pick(List.of(RotationPolicy.values())));
                    }
                    limits.put(new HostPattern(pattern), limit.build());
                }
            }
            return HostLimits.of(limits);
        }

        private void advance() {
            long nanos = (long) (random.nextDouble() * 15e9);
            action = "advance " + nanos;
            world.time.advance(nanos);
        }

        private void answerCheck() {
            for (FakeNet.FakeSession session : List.copyOf(world.net.sessions)) {
                if (session.hasCheck()) {
                    action = "answer a check of " + session.connection;
                    session.answerCheck(random.nextInt(3) > 0);
                    return;
                }
            }
        }

        private void report() {
            if (world.net.sessions.isEmpty()) {
                return;
            }
            FakeNet.FakeSession session = pick(world.net.sessions);
            if (session.connection.protocol != null && !session.connection.isOpening()) {
                if (random.nextBoolean()) {
                    action = "drain " + session.connection;
                    session.connection.draining();
                } else if (session.connection.isHttp2()) {
                    action = "streams of " + session.connection;
                    session.connection.concurrencyChanged(random.nextInt(5));
                }
            }
        }

        private void control() {
            switch (random.nextInt(9)) {
                case 6 ->
                    prewarms.add(world.manager.prewarm(Prewarm.of(pick(routes), 1 + random.nextInt(4))
                            .withConcurrency(2)
                            .withValidation(random.nextBoolean())));
                case 7 -> world.manager.setMinIdle(pick(routes), random.nextInt(3));
                case 8 -> discoveries.add(world.manager.discover(pick(routes)));
                case 0 -> world.manager.closeIdle(TimeValue.ofSeconds(random.nextInt(20)));
                case 1 -> world.manager.closeExpired();
                case 2 -> world.manager.retireUnhealthy();
                case 3 -> {
                    if (!pins.isEmpty()) {
                        PinnedRoute pin = pick(pins);
                        pins.remove(pin);
                        pin.close();
                    }
                }
                case 4 ->
                    world.manager.setSettings(world.manager.settings().toBuilder()
                            .maxTotal(Math.max(world.manager.settings().maxTotal(), reserved()))
                            .multiplexing(random.nextInt(5) > 0)
                            .build());
                default -> {
                    if (random.nextInt(10) == 0) {
                        world.manager.retireIdle();
                    }
                }
            }
            action = "control";
        }

        /** What handlers do by themselves: a session asked to shut down ends, sooner or later. */
        private void settle() {
            for (FakeNet.FakeSession session : List.copyOf(world.net.sessions)) {
                if ((session.shutdownAsked && random.nextInt(3) == 0) || (!session.open && random.nextInt(2) == 0)) {
                    session.end(null);
                }
            }
            waiting.removeIf(lease -> {
                if (lease.endpoint != null) {
                    held.add(lease);
                }
                return lease.calls > 0;
            });
            connecting.removeIf(lease -> !held.contains(lease) && lease.calls > 0);
            held.forEach(lease -> {
                if (lease.endpoint().isConnected()
                        || ((HotEndpoint) lease.endpoint()).connection().dial() == null) {
                    connecting.remove(lease);
                }
            });
        }

        private void check(Map<HttpRoute, Integer> before, int totalBefore) {
            PoolSnapshot snapshot = world.manager.snapshot();
            int slots = 0;
            int unused = 0;
            Map<HotConnection, Integer> leases = new HashMap<>();
            for (PoolWorld.Lease lease : held) {
                leases.merge(lease.connection(), 1, Integer::sum);
            }
            for (HttpRoute route : routes) {
                HostPool pool = world.manager.hostPool(route);
                if (pool == null) {
                    continue;
                }
                List<HotConnection> connections = Snapshots.connections(pool);
                slots += connections.size();
                int limit = Math.max(pool.maxConnections(), before.getOrDefault(route, 0));
                assertThat(connections.size()).as("slots of %s", route).isLessThanOrEqualTo(limit);
                assertThat(world.net.sockets(route)).as("sockets of %s", route).isLessThanOrEqualTo(connections.size());
                for (HotConnection c : connections) {
                    unused += c.isUnused() && !c.isRetired() ? 1 : 0;
                    assertThat(c.inUse()).as("leases of %s", c).isEqualTo(leases.getOrDefault(c, 0));
                    if (c.state() == ConnectionSnapshot.State.AVAILABLE && !c.shared) {
                        assertThat(c.inIdle).as("%s is listed", c).isTrue();
                    }
                }
                checkAddresses(pool, connections);
                checkWaiters(pool, connections);
            }
            leases.forEach((c, n) -> assertThat(c.inUse()).as("leases of %s", c).isEqualTo(n));
            assertThat(snapshot.open()).as("total").isEqualTo(slots);
            assertThat(snapshot.open())
                    .as("total limit")
                    .isLessThanOrEqualTo(Math.max(snapshot.maxTotal(), totalBefore));
            checkReserves(before);
            assertThat(world.manager.idle()).as("idle").isEqualTo(unused);
            assertThat(all).as("each lease is told once").allMatch(l -> l.calls <= 1);
            all.removeIf(l -> l.calls == 1 && !held.contains(l));
        }

        /** What nobody has reserved is not exceeded, as far as this step can help it, so every reserve can be had. */
        private void checkReserves(Map<HttpRoute, Integer> before) {
            Map<HttpRoute, Integer> now = new HashMap<>();
            routes.forEach(r -> now.put(r, slots(r)));
            int rest = world.manager.getMaxTotal() - reserved();
            assertThat(takenOfRest(now))
                    .as(() -> "slots beyond reserves: " + snapshotText())
                    .isLessThanOrEqualTo(Math.max(rest, takenOfRest(before)));
        }

        private int takenOfRest(Map<HttpRoute, Integer> slots) {
            HostLimits limits = world.manager.hostLimits();
            Map<HostPattern, Integer> byReserve = new HashMap<>();
            int taken = 0;
            for (Map.Entry<HttpRoute, Integer> entry : slots.entrySet()) {
                HostPattern pattern =
                        limits.reserveOf(entry.getKey().getTargetHost().getHostName());
                if (pattern == null) {
                    taken += entry.getValue();
                } else {
                    byReserve.merge(pattern, entry.getValue(), Integer::sum);
                }
            }
            for (Map.Entry<HostPattern, Integer> entry : byReserve.entrySet()) {
                taken += Math.max(0, entry.getValue() - limits.reserves().getOrDefault(entry.getKey(), 0));
            }
            return taken;
        }

        /** Whether the total, with what is reserved of it, has room for one more connection of the route. */
        private boolean hasRoom(HttpRoute route) {
            HostLimits limits = world.manager.hostLimits();
            HostPattern own = limits.reserveOf(route.getTargetHost().getHostName());
            Map<HttpRoute, Integer> slots = new HashMap<>();
            routes.forEach(r -> slots.put(r, slots(r)));
            int ofOwn = 0;
            for (HttpRoute r : routes) {
                HostPattern pattern = limits.reserveOf(r.getTargetHost().getHostName());
                ofOwn += own != null && own.equals(pattern) ? slots(r) : 0;
            }
            boolean inReserve = own != null && ofOwn < limits.reserves().getOrDefault(own, 0);
            int max = world.manager.getMaxTotal();
            return world.manager.snapshot().open() < max && (inReserve || takenOfRest(slots) < max - reserved());
        }

        private void checkAddresses(HostPool pool, List<HotConnection> connections) {
            Map<Target, Integer> open = new HashMap<>();
            Map<Target, Integer> opening = new HashMap<>();
            for (HotConnection c : connections) {
                Target target = c.target;
                if (target != null && !c.isRetired()) {
                    (c.isOpening() ? opening : open).merge(target, 1, Integer::sum);
                    if (!c.isOpening()) {
                        assertThat(pool.targets.isUsable(target)
                                        || c.state() == ConnectionSnapshot.State.CHECKING
                                        || target.health.state() == AddressHealth.State.PROBED)
                                .as("%s may not be leased: %s", c, target)
                                .isTrue();
                    }
                }
            }
            for (Target target : pool.targets.list()) {
                assertThat(target.connections).as("open to %s", target).isEqualTo(open.getOrDefault(target, 0));
                assertThat(target.openings).as("opening to %s", target).isEqualTo(opening.getOrDefault(target, 0));
            }
        }

        private void checkWaiters(HostPool pool, List<HotConnection> connections) {
            if (pool.waiting() == 0 || permits.limited) {
                return;
            }
            boolean[] stateless = new boolean[1];
            pool.decide(now -> stateless[0] = pool.queue.hasStateless());
            if (!stateless[0]) {
                return;
            }
            long now = world.time.getAsLong();
            boolean opening = false;
            for (HotConnection c : connections) {
                opening |= c.isOpening() && c.joinable;
                boolean usable =
                        !c.isRetired() && c.isOpen() && c.userState == null && c.expired(pool.times(), now) == null;
                Target target = c.target;
                usable &= target == null || pool.targets.isUsable(target);
                usable &= c.shared || !isHeld(pool, c);
                if (usable && !c.isOpening() && c.state() != ConnectionSnapshot.State.CHECKING) {
                    assertThat(c.inUse())
                            .as("a request waits for %s while %s is free", pool.route, c)
                            .isGreaterThanOrEqualTo(c.shared ? c.maxExchanges : 1);
                }
            }
            boolean room = connections.size() < pool.maxConnections() && hasRoom(pool.route);
            assertThat(room && !opening && pool.targets.order.allowsAnother())
                    .as(() -> "a request waits for " + pool.route + " though the limits have room: " + snapshotText())
                    .isFalse();
        }

        private static boolean isHeld(HostPool pool, HotConnection c) {
            boolean[] held = new boolean[1];
            pool.decide(now -> held[0] = pool.targets.order.isAhead(c, now));
            return held[0];
        }

        private String snapshotText() {
            return world.manager.snapshot().toString().replace("connections=", "\n  connections=");
        }

        private void finish() {
            action = "finish";
            world.manager.addresses().setFilter(AddressFilter.NONE);
            world.net.addresses.forEach(world.manager.addresses()::lift);
            pins.forEach(PinnedRoute::close);
            routes.forEach(r -> world.manager.setMinIdle(r, 0));
            // a reserve of everything leaves the others nothing
            world.manager.setHostLimits(HostLimits.NONE);
            for (int round = 0; round < 1000 && !(waiting.isEmpty() && held.isEmpty()); round++) {
                List.copyOf(world.net.dials).forEach(FakeNet.Dial::succeed);
                List.copyOf(world.net.handshakes).forEach(h -> h.succeed(random.nextBoolean(), 3));
                permits.answer(random);
                settle();
                for (PoolWorld.Lease lease : List.copyOf(held)) {
                    held.remove(lease);
                    world.manager.release(lease.endpoint(), null, TimeValue.NEG_ONE_MILLISECOND);
                }
                world.time.advance(1_000_000_000L);
            }
            assertThat(waiting).as("leases that nobody served").isEmpty();
            world.manager.close(CloseMode.GRACEFUL);
            permits.answerAll();
            List.copyOf(world.net.sessions).forEach(s -> s.end(null));
            assertThat(world.manager.snapshot().open()).as("open at the end").isZero();
            assertThat(world.manager.snapshot().inFlight()).isZero();
            assertThat(world.manager.idle()).isZero();
            assertThat(permits.out).as("permits not given back").isZero();
            world.net.dials.forEach(d -> assertThat(d.future.isDone()).isTrue());
            world.time.advance(60_000_000_000L);
            assertThat(prewarms)
                    .as("prewarms come to an end")
                    .allMatch(p -> p.result().isDone());
            assertThat(prewarms).allMatch(p -> p.report().remaining() == 0);
            assertThat(discoveries).as("discoveries come to an end").allMatch(CompletableFuture::isDone);
            assertThat(world.net.sessions.stream().filter(s -> s.open)).isEmpty();
        }

        private int slots(HttpRoute route) {
            HostPool pool = world.manager.hostPool(route);
            return pool == null ? 0 : Snapshots.connections(pool).size();
        }

        private <T> T pick(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }
    }
}
