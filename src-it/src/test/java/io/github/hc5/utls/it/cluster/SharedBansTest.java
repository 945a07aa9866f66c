package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.cluster.RedisPoolState;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A ban on one node holds on all, is lifted on all, and is known to those that come later. */
class SharedBansTest {

    private static final class Node implements AutoCloseable {
        final RedisLeasePermits permits;
        final HotConnectionManager manager;
        final RedisPoolState state;

        Node(RedisServer redis, Duration heartbeat) {
            permits = RedisLeasePermits.connect(ClusterSettings.builder(redis.uri())
                    .lease(heartbeat.multipliedBy(6))
                    .heartbeat(heartbeat)
                    .timeout(Duration.ofSeconds(2))
                    .build());
            manager = HotConnectionManagerBuilder.create()
                    .setLeasePermits(permits)
                    .build();
            state = permits.shareBans(manager);
            Await.until("up", () -> permits.health().state() == ClusterState.UP);
        }

        List<Ban> bans() {
            return manager.addresses().bans();
        }

        @Override
        public void close() {
            state.close();
            manager.close();
            permits.close();
        }
    }

    /** So rarely do nodes look into Redis in these tests that what they learn is what they were told. */
    private static final Duration RARELY = Duration.ofSeconds(30);

    private static final Duration OFTEN = Duration.ofMillis(200);

    private final InetAddress address = InetAddress.getLoopbackAddress();
    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private void start(RedisServer redis, int count, Duration heartbeat) {
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(redis, heartbeat));
        }
        Await.until("all listen", () -> redisListeners(redis) == nodes.size());
    }

    private void isBannedEverywhere() {
        Await.until(
                "banned everywhere",
                () -> nodes.stream().allMatch(node -> node.bans().size() == 1));
    }

    private void isBannedNowhere() {
        Await.until(
                "banned nowhere",
                () -> nodes.stream().allMatch(node -> node.bans().isEmpty()));
    }

    private void ban(int node) {
        nodes.get(node).manager.addresses().ban(address, Duration.ofMinutes(5));
        isBannedEverywhere();
    }

    @Test
    void allNodesAreToldOfABanAndItsEnd() throws Exception {
        try (RedisServer redis = RedisServer.running()) {
            start(redis, 3, RARELY);
            long start = System.nanoTime();
            ban(0);
            long banned = System.nanoTime();
            assertThat(nodes.get(2).bans().get(0).remaining())
                    .isBetween(Duration.ofSeconds(240), Duration.ofSeconds(301));
            nodes.get(2).manager.addresses().lift(address);
            isBannedNowhere();
            System.out.printf(
                    "A ban is in force on 3 nodes after %d ms, its end after %d ms%n",
                    (banned - start) / 1_000_000, (System.nanoTime() - banned) / 1_000_000);
        }
    }

    @Test
    void aBanIsStoredForThoseThatComeLater() throws Exception {
        try (RedisServer redis = RedisServer.running()) {
            start(redis, 2, OFTEN);
            ban(0);
            nodes.add(new Node(redis, OFTEN));
            isBannedEverywhere();

            // Redis loses its data
            redis.command("FLUSHALL");
            Await.until("stored again", () -> hashLength(redis) == 1);
            nodes.get(1).manager.addresses().lift(address);
            isBannedNowhere();
            Await.until("no longer stored", () -> hashLength(redis) == 0);
        }
    }

    @Test
    void whatWasLiftedIsNotBroughtBackByANodeThatStoresItLate() throws Exception {
        try (RedisServer redis = RedisServer.running()) {
            start(redis, 2, OFTEN);
            ban(0);
            String key = address.getHostAddress() + "||";
            Await.until("stored", () -> hashLength(redis) == 1);
            String stored = bulk(redis.command("HGET", "utls:bans", key));
            nodes.get(1).manager.addresses().lift(address);
            Await.until("no longer stored", () -> hashLength(redis) == 0);

            redis.command("HSET", "utls:bans", key, stored);
            Await.until("removed again", () -> hashLength(redis) == 0);
            isBannedNowhere();

            // what is banned after that is banned
            ban(0);
        }
    }

    @Test
    void aLiftThatIsTooOldIsForgottenByRedisToo() throws Exception {
        try (RedisServer redis = RedisServer.running()) {
            start(redis, 1, OFTEN);
            String longAgo = String.valueOf(
                    System.currentTimeMillis() - Duration.ofDays(2).toMillis());
            redis.command("HSET", "utls:lifts", address.getHostAddress(), longAgo);
            Await.until("forgotten", () -> number(redis, "HLEN", "utls:lifts") == 0);
        }
    }

    @Test
    void whatIsLiftedWhileRedisIsAwayIsLiftedEverywhereOnceItIsBack() throws Exception {
        try (RedisServer redis = RedisServer.running()) {
            start(redis, 2, OFTEN);
            ban(0);
            redis.stop();
            Await.until(
                    "noticed",
                    () -> nodes.stream().noneMatch(node -> node.permits.health().state() == ClusterState.UP));
            nodes.get(1).manager.addresses().lift(address);
            redis.start();
            isBannedNowhere();
            Await.until(
                    "up",
                    () -> nodes.stream().allMatch(node -> node.permits.health().state() == ClusterState.UP));
            isBannedNowhere();
        }
    }

    private static int hashLength(RedisServer redis) {
        return number(redis, "HLEN", "utls:bans");
    }

    private static int redisListeners(RedisServer redis) {
        // its answer counts who was told; what was told is of no form that is understood
        return number(redis, "PUBLISH", "utls:events", "hello");
    }

    /** Without the length that stands before it in the protocol. */
    private static String bulk(String answer) {
        return answer.substring(answer.indexOf('\n') + 1).strip();
    }

    private static int number(RedisServer redis, String... command) {
        try {
            return Integer.parseInt(redis.command(command).substring(1));
        } catch (java.io.IOException e) {
            return -1;
        }
    }
}
