package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node writes to its log while Redis fails in all ways: each state once. */
class LoggingTest {

    private static final long LEASE_MILLIS = 3000;

    private static NodeProcess node(String redis, CountingServer server) throws Exception {
        return new NodeProcess(redis, 4, LEASE_MILLIS, "http://127.0.0.1:" + server.port() + "/", 4, 250);
    }

    private static void becomes(NodeProcess node, String state) {
        Await.until(30_000, () -> state + ": " + node, () -> node.state().equals(state));
    }

    private static void progress(NodeProcess node) {
        long enough = node.answered() + 200;
        Await.until(30_000, () -> "answers: " + node, () -> node.answered() > enough);
    }

    private static void pass(long millis) {
        long end = System.nanoTime() + millis * 1_000_000L;
        Await.until(millis + 5000, () -> "time is up", () -> System.nanoTime() - end > 0);
    }

    @Test
    void eachStateIsLoggedOnce() throws Exception {
        try (RedisServer redis = RedisServer.running();
                SlowProxy proxy = new SlowProxy(redis.port());
                CountingServer server = new CountingServer(50);
                NodeProcess node = node(proxy.uri(), server)) {
            becomes(node, "UP");
            progress(node);
            redis.stop();
            becomes(node, "DOWN");
            // several heartbeats and tries to connect
            pass(2500);
            progress(node);
            redis.start();
            becomes(node, "UP");
            proxy.delayMillis = 500;
            becomes(node, "SLOW");
            pass(1500);
            progress(node);
            proxy.delayMillis = 0;
            becomes(node, "UP");

            List<String> states = node.loggedStates();
            assertThat(node.failed()).as("%s", node.failures()).isZero();
            assertThat(states).startsWith("UP").endsWith("UP");
            for (int i = 1; i < states.size(); i++) {
                assertThat(states.get(i)).as("%s", states).isNotEqualTo(states.get(i - 1));
            }
            // on a busy machine, its first answers after the outage may come too late
            assertThat(Collections.frequency(states, "DOWN")).as("%s", states).isEqualTo(1);
            assertThat(states.lastIndexOf("SLOW")).as("%s", states).isEqualTo(states.size() - 2);
        }
    }

    @Test
    void aRefusalIsLoggedOnceAndWithoutThePassword() throws Exception {
        try (RedisServer redis = RedisServer.running("--requirepass", "right");
                CountingServer server = new CountingServer(50);
                NodeProcess node = node(redis.uri(), server)) {
            becomes(node, "REFUSED");
            pass(2500);
            progress(node);
            assertThat(node.loggedStates()).containsExactly("REFUSED");
            assertThat(node.failed()).isZero();
        }
    }
}
