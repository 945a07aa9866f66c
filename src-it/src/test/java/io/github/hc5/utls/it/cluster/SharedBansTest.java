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
import org.junit.jupiter.api.Test;

/** A ban on one node holds on all, is lifted on all, and is known to those that come later. */
class SharedBansTest {

    private static final class Node implements AutoCloseable {
        final RedisLeasePermits permits;
        final HotConnectionManager manager;
        final RedisPoolState state;

        Node(RedisServer redis) {
            permits = RedisLeasePermits.connect(ClusterSettings.builder(redis.uri())
                    .lease(Duration.ofSeconds(2))
                    .heartbeat(Duration.ofMillis(300))
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

    @Test
    void aBanAndItsEndReachAllNodesWithinASecond() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.7");
        List<Node> nodes = new ArrayList<>();
        try (RedisServer redis = RedisServer.running()) {
            try {
                for (int i = 0; i < 3; i++) {
                    nodes.add(new Node(redis));
                }
                Await.until("all listen", () -> redisListeners(redis) == 3);
                nodes.get(0).manager.addresses().ban(address, Duration.ofMinutes(5));
                Await.until(
                        1000,
                        () -> "banned everywhere",
                        () -> nodes.stream().allMatch(node -> node.bans().size() == 1));
                assertThat(nodes.get(2).bans().get(0).remaining())
                        .isBetween(Duration.ofSeconds(290), Duration.ofSeconds(301));

                // one that comes later, and one after Redis has lost its data
                nodes.add(new Node(redis));
                Await.until("the new one knows it", () -> nodes.get(3).bans().size() == 1);
                redis.command("FLUSHALL");
                Await.until("stored again", () -> hashLength(redis) == 1);

                nodes.get(2).manager.addresses().lift(address);
                Await.until(
                        1000,
                        () -> "lifted everywhere",
                        () -> nodes.stream().allMatch(node -> node.bans().isEmpty()));
                Await.until("no longer stored", () -> hashLength(redis) == 0);
            } finally {
                nodes.forEach(Node::close);
            }
        }
    }

    private static int hashLength(RedisServer redis) {
        return number(redis, "HLEN", "utls:bans");
    }

    private static int redisListeners(RedisServer redis) {
        // its answer counts who was told; what was told is of no form that is understood
        return number(redis, "PUBLISH", "utls:events", "hello");
    }

    private static int number(RedisServer redis, String... command) {
        try {
            return Integer.parseInt(redis.command(command).substring(1));
        } catch (java.io.IOException e) {
            return -1;
        }
    }
}
