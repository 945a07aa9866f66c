package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.cluster.SkewedNode;
import io.github.hc5.utls.pool.LeasePermits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose clock is a minute off, beside one whose clock is right: neither loses a permit, none is kept for good. */
@Timeout(90)
class ClockSkewTest {

    private static final int LIMIT = 6;
    private static final long MINUTE = 60_000;
    private static final HttpRoute ROUTE = new HttpRoute(new HttpHost("https", "target.example", 443));
    private static final String COUNT = "utls:permits:host:target.example";
    private static final String HELD = "{" + COUNT + "}:timeout";

    private final AtomicInteger revoked = new AtomicInteger();

    private static ClusterSettings settings(String uri, Duration lease) {
        return ClusterSettings.builder(uri)
                .maxPerHost(LIMIT)
                .lease(lease)
                .heartbeat(Duration.ofMillis(100))
                .timeout(Duration.ofSeconds(2))
                .build();
    }

    private static void is(ClusterState state, RedisLeasePermits node) {
        Await.until(
                30_000, () -> state + ": " + node.health(), () -> node.health().state() == state);
    }

    private CompletableFuture<LeasePermits.Permit> ask(RedisLeasePermits node) {
        return node.acquire(ROUTE, Duration.ofSeconds(80), permit -> {
                    revoked.incrementAndGet();
                    permit.release();
                })
                .toCompletableFuture();
    }

    private List<LeasePermits.Permit> take(RedisLeasePermits node, int count) throws Exception {
        List<LeasePermits.Permit> permits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            permits.add(ask(node).get(30, TimeUnit.SECONDS));
        }
        return permits;
    }

    /** By a hash of the id of each permit, how long it has left by the clock of Redis, in milliseconds. */
    private static Map<String, Long> left(RedisServer redis) {
        String script = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000);"
                + " local held = redis.call('zrange', KEYS[1], 0, -1, 'WITHSCORES'); local out = {};"
                + " for i = 1, #held, 2 do out[#out + 1] = redis.sha1hex(held[i]) .. '=' .. string.format('%d', held[i + 1] - now); end;"
                + " return table.concat(out, ',')";
        Map<String, Long> result = new TreeMap<>();
        try {
            String answer = redis.command("EVAL", script, "1", HELD);
            for (String one : answer.isEmpty() ? new String[0] : answer.split(",", -1)) {
                int at = one.lastIndexOf('=');
                result.put(one.substring(0, at), Long.parseLong(one.substring(at + 1)));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return result;
    }

    private static void allAreBack(RedisServer redis) throws IOException {
        assertThat(redis.command("ZCARD", HELD)).isEqualTo(":0");
        assertThat(redis.command("GET", COUNT)).isEqualTo(String.valueOf(LIMIT));
    }

    /** A minute is less than a third of the lease: the node takes part, and writes its ends in the time of Redis. */
    @ParameterizedTest
    @ValueSource(longs = {MINUTE, -MINUTE})
    void withinAThirdOfTheLeaseItTakesPart(long ahead) throws Exception {
        Duration lease = Duration.ofMinutes(4);
        try (RedisServer redis = RedisServer.running();
                ClockProxy proxy = new ClockProxy(redis.port())) {
            proxy.set(ahead);
            try (RedisLeasePermits right = RedisLeasePermits.connect(settings(redis.uri(), lease));
                    RedisLeasePermits off = SkewedNode.connect(settings(proxy.uri(), lease), proxy.clock())) {
                is(ClusterState.UP, right);
                is(ClusterState.UP, off);
                Await.until("they see one another", () -> right.health().nodes() == 2);
                List<LeasePermits.Permit> ofRight = take(right, LIMIT / 2);
                List<LeasePermits.Permit> ofOff = take(off, LIMIT / 2);
                assertThat(off.health().clockOffset().toMillis()).isBetween(-ahead - 2000, -ahead + 2000);
                CompletableFuture<LeasePermits.Permit> waiting = ask(right);
                CompletableFuture<LeasePermits.Permit> alsoWaiting = ask(off);

                Map<String, Long> before = left(redis);
                assertThat(before).hasSize(LIMIT);
                assertThat(before.values())
                        .as("ends in the time of Redis")
                        .allMatch(millis -> millis > lease.toMillis() * 2 / 3 && millis <= lease.toMillis() + 1000);
                long commands = proxy.commands();
                Await.until("it has renewed its permits ten times", () -> proxy.commands() >= commands + 40);

                assertThat(left(redis)).containsOnlyKeys(before.keySet());
                assertThat(left(redis).values())
                        .allMatch(millis -> millis > lease.toMillis() * 2 / 3 && millis <= lease.toMillis() + 1000);
                assertThat(revoked).hasValue(0);
                assertThat(waiting).isNotDone();
                assertThat(alsoWaiting).isNotDone();

                ofRight.forEach(LeasePermits.Permit::release);
                waiting.get(30, TimeUnit.SECONDS).release();
                alsoWaiting.get(30, TimeUnit.SECONDS).release();
                ofOff.forEach(LeasePermits.Permit::release);
            }
            allAreBack(redis);
        }
    }

    /** The clock is set while it holds permits, further than a third of the lease, and set right again. */
    @ParameterizedTest
    @ValueSource(longs = {MINUTE, -MINUTE})
    void beyondItTakesNothingFromTheOthersAndHeals(long ahead) throws Exception {
        Duration lease = Duration.ofSeconds(15);
        try (RedisServer redis = RedisServer.running();
                ClockProxy proxy = new ClockProxy(redis.port())) {
            try (RedisLeasePermits right = RedisLeasePermits.connect(settings(redis.uri(), lease));
                    RedisLeasePermits off = SkewedNode.connect(settings(proxy.uri(), lease), proxy.clock())) {
                is(ClusterState.UP, right);
                is(ClusterState.UP, off);
                Await.until("they see one another", () -> off.health().nodes() == 2);
                take(right, 4);
                Map<String, Long> ofRight = left(redis);
                take(off, 2);

                proxy.set(ahead);
                is(ClusterState.CLOCK_SKEW, off);
                LeasePermits.Permit byPolicy = ask(off).get(30, TimeUnit.SECONDS);
                CompletableFuture<LeasePermits.Permit> beyondItsShare = ask(off);
                byPolicy.release();
                beyondItsShare.get(30, TimeUnit.SECONDS);
                CompletableFuture<LeasePermits.Permit> waiting = ask(off);
                long commands = proxy.commands();
                Await.until("ten heartbeats have passed", () -> proxy.commands() >= commands + 10);
                assertThat(left(redis))
                        .as("the others' permits")
                        .containsKeys(ofRight.keySet().toArray(new String[0]));
                assertThat(revoked).hasValue(0);
                assertThat(right.held()).isEqualTo(4);
                assertThat(off.held()).isEqualTo(3);
                assertThat(waiting).isNotDone();

                proxy.set(0);
                is(ClusterState.UP, off);
                Await.until("seven are one too many", () -> right.held() + off.held() == LIMIT);
                assertThat(revoked.get()).isPositive();
                Await.until("each has its place in Redis", () -> left(redis).size() == LIMIT);
                waiting.cancel(false);
            }
            allAreBack(redis);
        }
    }

    /** A node that starts with a clock that is off, and stays so, leaves nothing behind either. */
    @Test
    void aNodeThatStartsSoGoesByPolicy() throws Exception {
        Duration lease = Duration.ofSeconds(15);
        try (RedisServer redis = RedisServer.running();
                ClockProxy proxy = new ClockProxy(redis.port())) {
            proxy.set(MINUTE);
            try (RedisLeasePermits right = RedisLeasePermits.connect(settings(redis.uri(), lease));
                    RedisLeasePermits off = SkewedNode.connect(settings(proxy.uri(), lease), proxy.clock())) {
                is(ClusterState.UP, right);
                is(ClusterState.CLOCK_SKEW, off);
                Await.until("they see one another", () -> off.health().nodes() == 2);
                take(right, LIMIT);
                Map<String, Long> ofRight = left(redis);
                take(off, LIMIT / 2).forEach(LeasePermits.Permit::release);
                assertThat(left(redis)).containsOnlyKeys(ofRight.keySet());
                assertThat(off.health().cause()).contains("differs from that of Redis by -");
            }
            allAreBack(redis);
        }
    }
}
