package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Limits that change while nodes run, the limit over all hosts, and what holds without Redis by each policy. */
class SharedLimitsTest {

    private static ClusterSettings.Builder settings(RedisServer redis) {
        return ClusterSettings.builder(redis.uri())
                .lease(Duration.ofSeconds(2))
                .heartbeat(Duration.ofMillis(300))
                // here nothing is to depend on how fast a busy machine is
                .timeout(Duration.ofSeconds(2));
    }

    private static String uri(String host, CountingServer server) {
        return "http://" + host + ":" + server.port() + "/";
    }

    private static void meet(Load... loads) {
        for (Load load : loads) {
            Await.until(
                    30_000,
                    () -> "they see one another: " + load.permits.health(),
                    () -> load.permits.health().state() == ClusterState.UP
                            && load.permits.health().nodes() == loads.length);
        }
    }

    private static void progress(Load... loads) {
        for (Load load : loads) {
            load.progress(300);
        }
    }

    private static void noneFailed(Load... loads) {
        for (Load load : loads) {
            assertThat(load.failed.get()).as("%s", load.failure).isZero();
        }
    }

    @Test
    void aLimitSetOnOneNodeHoldsOnAllAndOnThoseThatStartLater() throws Exception {
        try (RedisServer redis = RedisServer.running();
                CountingServer server = new CountingServer(50);
                Load one = new Load(settings(redis).maxPerHost(8).build(), uri("127.0.0.1", server), 8);
                Load two = new Load(settings(redis).maxPerHost(8).build(), uri("127.0.0.1", server), 8)) {
            meet(one, two);
            progress(one, two);
            Await.until("all eight are in use", () -> server.most() == 8);

            one.permits.setMaxPerHost("127.0.0.1", 3);
            Await.until("three are left", () -> server.open() <= 3);
            // the server may count a connection whose end it has yet to read beside the one that took its permit
            progress(one, two);
            server.resetMost();
            progress(one, two);
            assertThat(server.most()).isLessThanOrEqualTo(3);
            try (Load three = new Load(settings(redis).maxPerHost(8).build(), uri("127.0.0.1", server), 8)) {
                meet(one, two, three);
                server.resetMost();
                progress(one, two, three);
                assertThat(server.most()).isLessThanOrEqualTo(3);

                three.permits.setMaxPerHost("127.0.0.1", 12);
                Await.until("all twelve are in use", () -> server.most() == 12);
                progress(one, two, three);
                assertThat(server.most()).isEqualTo(12);
                noneFailed(one, two, three);
            }
        }
    }

    @Test
    void theLimitOverAllHostsHoldsAcrossNodes() throws Exception {
        try (RedisServer redis = RedisServer.running();
                CountingServer first = new CountingServer(50);
                CountingServer second = new CountingServer(50);
                Load one = new Load(settings(redis).maxTotal(6).build(), uri("127.0.0.1", first), 8);
                Load two = new Load(settings(redis).maxTotal(6).build(), uri("localhost", second), 8)) {
            meet(one, two);
            progress(one, two);
            assertThat(first.most()).isLessThanOrEqualTo(6);
            assertThat(second.most()).isLessThanOrEqualTo(6);
            for (int i = 0; i < 50; i++) {
                // a connection may end between the two counts, not begin beyond the limit
                assertThat(one.permits.held() + two.permits.held()).isLessThanOrEqualTo(6);
                one.progress(10);
            }
            two.permits.setMaxTotal(2);
            Await.until("two are left", () -> first.open() + second.open() <= 2);
            progress(one, two);
            noneFailed(one, two);
        }
    }

    @Test
    void withoutRedisAnOpenPolicyGrantsAllAndAClosedOneNothingNew() throws Exception {
        ClusterSettings.Policy open = ClusterSettings.Policy.OPEN;
        ClusterSettings.Policy closed = ClusterSettings.Policy.CLOSED;
        try (RedisServer redis = RedisServer.running();
                CountingServer first = new CountingServer(Integer.MAX_VALUE);
                CountingServer second = new CountingServer(Integer.MAX_VALUE);
                Load one = new Load(settings(redis).maxPerHost(4).policy(open).build(), uri("127.0.0.1", first), 12);
                Load two =
                        new Load(settings(redis).maxPerHost(4).policy(closed).build(), uri("localhost", second), 12)) {
            meet(one, two);
            progress(one, two);
            Await.until("both use what they may", () -> first.open() == 4 && second.open() == 4);
            redis.stop();
            // how many more depends on how long requests wait for those that are there
            Await.until("the open one has more than its limit", () -> first.open() > 4);
            Await.until("the closed one knows", () -> two.permits.health().state() == ClusterState.DOWN);
            long accepted = second.accepted();
            progress(one, two);
            assertThat(second.accepted()).isEqualTo(accepted);

            redis.start();
            Await.until("both keep to the limit again", () -> first.open() == 4 && second.open() == 4);
            progress(one, two);
            noneFailed(one, two);
        }
    }
}
