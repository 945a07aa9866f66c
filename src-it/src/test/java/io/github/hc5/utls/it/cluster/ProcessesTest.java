package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Four processes, one cap, a server that counts: loaded, killed, stopped and resumed. */
class ProcessesTest {

    private static final boolean FULL = Boolean.getBoolean("utls.full");
    private static final int LIMIT = 20;
    private static final int NODES = 4;
    private static final long LEASE_MILLIS = 3000;

    /** A busy machine is no Redis that is down, for which each node would count by itself. */
    private static final long TIMEOUT_MILLIS = 2000;

    /** What starting a request takes once a permit is there, on a busy machine. */
    private static final long MARGIN_MILLIS = 1000;

    @Test
    void theCapHoldsAcrossProcessesThatAreLoadedKilledAndStopped() throws Exception {
        long loadMillis = FULL ? 60_000 : 6_000;
        try (RedisServer redis = RedisServer.running();
                CountingServer server = new CountingServer(200)) {
            List<NodeProcess> nodes = new ArrayList<>();
            try {
                for (int i = 0; i < NODES; i++) {
                    nodes.add(new NodeProcess(
                            redis.uri(),
                            LIMIT,
                            LEASE_MILLIS,
                            "http://127.0.0.1:" + server.port() + "/",
                            12,
                            TIMEOUT_MILLIS));
                }
                nodes.forEach(node -> Await.until("a node is up", () -> node.answered() > 0));
                long[] before = nodes.stream().mapToLong(NodeProcess::answered).toArray();
                long end = System.nanoTime() + loadMillis * 1_000_000L;
                Await.until(loadMillis + 5000, () -> "time is up", () -> System.nanoTime() - end > 0);

                assertThat(server.most()).as("open at once; %s", nodes).isLessThanOrEqualTo(LIMIT);
                for (int i = 0; i < NODES; i++) {
                    assertThat(nodes.get(i).answered())
                            .as("node %d makes progress", i)
                            .isGreaterThan(before[i]);
                    assertThat(nodes.get(i).failed())
                            .as("%s", nodes.get(i).failures())
                            .isZero();
                }
                System.out.printf(
                        "%d nodes, %d ms: %d requests, %d connections, %d at once; held %s%n",
                        NODES,
                        loadMillis,
                        server.answered(),
                        server.accepted(),
                        server.most(),
                        nodes.stream().map(NodeProcess::held).toList());

                // killed: its permits are used by others after the lease
                NodeProcess killed = nodes.remove(0);
                Await.until("all are in use", () -> server.open() == LIMIT && killed.held() > 0);
                killed.close();
                Await.until("its connections are gone", () -> server.open() < LIMIT);
                server.resetMost();
                Await.until(
                        LEASE_MILLIS + MARGIN_MILLIS,
                        () -> "its permits are in use again: " + server.most(),
                        () -> server.most() >= LIMIT);
                assertThat(server.most()).isEqualTo(LIMIT);

                // stopped for longer than its lease: others have its permits; resumed, it closes its connections
                NodeProcess stopped = nodes.get(0);
                Await.until("it has some", () -> stopped.held() > 0);
                stopped.signal("STOP");
                long its = stopped.connectionsTo(server.port());
                server.resetMost();
                long lease = System.nanoTime() + (LEASE_MILLIS + 2000) * 1_000_000L;
                Await.until(
                        LEASE_MILLIS + 5000,
                        () -> "the others have its permits: " + server.open(),
                        () -> System.nanoTime() - lease > 0 && server.most() > LIMIT);
                int most = server.most();
                System.out.printf("%d at once while one node is stopped with %d%n", most, its);
                stopped.signal("CONT");
                long answered = stopped.answered();
                Await.until("its connections are closed", () -> server.open() <= LIMIT);
                assertThat(most)
                        .as("its own %d connections at most exceed the cap", its)
                        .isLessThanOrEqualTo(LIMIT + (int) its);
                server.resetMost();
                Await.until("it goes on", () -> stopped.answered() > answered);
                assertThat(stopped.failed()).as("%s", stopped.failures()).isZero();
            } finally {
                nodes.forEach(NodeProcess::close);
            }
        }
    }
}
