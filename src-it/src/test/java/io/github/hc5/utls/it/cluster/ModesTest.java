package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A master with a replica and sentinels, of which the master dies; and a Redis cluster of three. */
class ModesTest {

    private static final int LIMIT = 6;
    private static final Duration LEASE = Duration.ofSeconds(3);

    private static ClusterSettings.Builder settings(String... uris) {
        return ClusterSettings.builder(uris)
                .maxPerHost(LIMIT)
                .maxTotal(LIMIT)
                .lease(LEASE)
                .heartbeat(Duration.ofMillis(300));
    }

    private static void up(Load... loads) {
        for (Load load : loads) {
            Await.until(
                    60_000,
                    () -> "up: " + load.permits.health(),
                    () -> load.permits.health().state() == ClusterState.UP);
        }
    }

    /** Knowing of one another, they keep to the cap also by policy, as on a machine too busy to answer in time. */
    private static void holdsTheCap(CountingServer server, Load one, Load two) {
        up(one, two);
        Await.until(
                "they see one another",
                () -> one.permits.health().nodes() == 2 && two.permits.health().nodes() == 2);
        Await.until("the cap holds", () -> server.open() <= LIMIT);
        one.progress(100);
        two.progress(100);
        server.resetMost();
        one.progress(500);
        two.progress(500);
        assertThat(server.most()).isLessThanOrEqualTo(LIMIT);
    }

    private static void noneFailed(Load... loads) {
        for (Load load : loads) {
            assertThat(load.failed.get()).as("%s", load.failure).isZero();
        }
    }

    @Test
    void aSentinelLeadsToTheNextMaster() throws Exception {
        try (RedisServer master = RedisServer.running();
                RedisServer replica = RedisServer.running("--replicaof", "127.0.0.1", String.valueOf(master.port()));
                RedisServer sentinel = RedisServer.sentinel(master);
                RedisServer second = RedisServer.sentinel(master);
                RedisServer third = RedisServer.sentinel(master);
                CountingServer server = new CountingServer(50)) {
            for (RedisServer each : List.of(sentinel, second, third)) {
                Await.until(
                        "the sentinels know the replica and one another",
                        () -> info(each, "sentinel").contains("slaves=1,sentinels=3"));
            }
            ClusterSettings settings = settings(sentinel.uri(), second.uri(), third.uri())
                    .mode(ClusterSettings.Mode.SENTINEL)
                    .masterName("main")
                    .build();
            String uri = "http://127.0.0.1:" + server.port() + "/";
            try (Load one = new Load(settings, uri, 8);
                    Load two = new Load(settings, uri, 8)) {
                holdsTheCap(server, one, two);

                master.stop();
                Await.until(
                        20_000,
                        () -> "seen: " + one.permits.health(),
                        () -> one.permits.health().state() != ClusterState.UP);
                one.progress(300);
                two.progress(300);
                Await.until(
                        "the replica is master",
                        () -> info(replica, "replication").contains("role:master"));
                up(one, two);
                // what the policy granted is backed by the new master, or given up
                long healed = System.nanoTime() + LEASE.toNanos();
                Await.until("a lease has passed", () -> System.nanoTime() - healed > 0);
                holdsTheCap(server, one, two);
                noneFailed(one, two);
            }
        }
    }

    @Test
    void aClusterOfThreeHoldsTheCap() throws Exception {
        List<RedisServer> servers = new ArrayList<>();
        try (CountingServer server = new CountingServer(50)) {
            for (int i = 0; i < 3; i++) {
                servers.add(RedisServer.running("--cluster-enabled", "yes"));
            }
            join(servers);
            ClusterSettings settings = settings(
                            servers.get(0).uri(), servers.get(1).uri())
                    .mode(ClusterSettings.Mode.CLUSTER)
                    .build();
            String uri = "http://127.0.0.1:" + server.port() + "/";
            try (Load one = new Load(settings, uri, 8);
                    Load two = new Load(settings, uri, 8)) {
                holdsTheCap(server, one, two);
                noneFailed(one, two);
            }
        } finally {
            servers.forEach(RedisServer::close);
        }
    }

    private static void join(List<RedisServer> servers) throws IOException {
        for (int i = 0; i < servers.size(); i++) {
            RedisServer each = servers.get(i);
            int from = i * 16_384 / servers.size();
            int to = (i + 1) * 16_384 / servers.size();
            String[] slots = Stream.concat(
                            Stream.of("CLUSTER", "ADDSLOTS"),
                            IntStream.range(from, to).mapToObj(String::valueOf))
                    .toArray(String[]::new);
            assertThat(each.command(slots)).isEqualTo("+OK");
            if (i > 0) {
                assertThat(each.command(
                                "CLUSTER",
                                "MEET",
                                "127.0.0.1",
                                String.valueOf(servers.get(0).port())))
                        .isEqualTo("+OK");
            }
        }
        for (RedisServer each : servers) {
            Await.until(
                    "joined",
                    () -> command(each, "CLUSTER", "INFO").contains("cluster_state:ok")
                            && command(each, "CLUSTER", "INFO").contains("cluster_known_nodes:3"));
        }
    }

    private static String info(RedisServer redis, String section) {
        return command(redis, "INFO", section);
    }

    private static String command(RedisServer redis, String... words) {
        try {
            return redis.command(words);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
