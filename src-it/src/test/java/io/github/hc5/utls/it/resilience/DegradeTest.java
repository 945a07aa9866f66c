package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.health.HealthState;
import io.github.hc5.utls.pool.Exits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.RotatingRoutePlanner;
import io.github.hc5.utls.resilience.CacheSettings;
import io.github.hc5.utls.resilience.DegradeLevel;
import io.github.hc5.utls.resilience.FailoverConnectionManager;
import io.github.hc5.utls.resilience.FailoverSettings;
import io.github.hc5.utls.resilience.NoHealthyPathException;
import io.github.hc5.utls.resilience.OperationTimeoutException;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.RetriesExhaustedException;
import io.github.hc5.utls.resilience.StaleFallback;
import io.github.hc5.utls.resilience.TimeoutSettings;
import io.github.hc5.utls.resilience.WaitScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left when all tries of a request have failed: another exit, then what was stored, then an error that says why. */
@Timeout(60)
class DegradeTest {

    private final Deque<Fault> script = new ConcurrentLinkedDeque<>();
    private final JumpingTime time = new JumpingTime();
    private final HttpClientContext context = HttpClientContext.create();

    private FaultServer server(int addresses) throws IOException {
        return new FaultServer(110, addresses, () -> "", (local, id) -> {
            Fault fault = script.poll();
            return fault == null ? Fault.NONE : fault;
        });
    }

    private Resilience.Builder resilience() {
        return Resilience.builder()
                .scheduler(time)
                .timeouts(TimeoutSettings.builder()
                        .response(Duration.ofMillis(300))
                        .build());
    }

    private static CloseableHttpAsyncClient client(AsyncClientConnectionManager manager, Resilience resilience) {
        CloseableHttpAsyncClient client = resilience
                .install(StaleFallback.clientBuilder(CacheSettings.defaults())
                        .setConnectionManager(manager)
                        .disableContentCompression())
                .build();
        client.start();
        return client;
    }

    private SimpleHttpResponse get(CloseableHttpAsyncClient client, int port) throws Exception {
        return client.execute(
                        SimpleRequestBuilder.get("http://" + World.HOST + ":" + port + "/")
                                .build(),
                        context,
                        null)
                .get(30, TimeUnit.SECONDS);
    }

    private void isStale(SimpleHttpResponse response) throws Exception {
        assertThat(response.getCode()).isEqualTo(200);
        assertThat(response.getBodyText()).isEqualTo("hello");
        assertThat(response.getHeader("Cache-Status").getValue()).isEqualTo("utls; fwd=stale; detail=stale-if-error");
        assertThat(context.getAttribute(Resilience.DEGRADED)).isEqualTo(DegradeLevel.STALE);
    }

    /** A caller has its answer a moment before its operation is over. */
    private static void settled(Resilience resilience) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (resilience.report().inFlight() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(1_000_000L);
        }
        assertThat(resilience.report().inFlight()).isZero();
    }

    private static void noneOpen(HotConnectionManager manager) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (manager.snapshot().open() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(1_000_000L);
        }
        assertThat(manager.snapshot().open()).isZero();
    }

    @Test
    void aStoredResponseIsServedWhenAllTriesHaveFailed() throws Exception {
        try (FaultServer server = server(2);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            Resilience resilience = resilience().manager(manager).build();
            CloseableHttpAsyncClient client = client(manager, resilience);
            int port = server.port();
            script.add(Fault.STORED);
            assertThat(get(client, port).getCode()).isEqualTo(200);
            assertThat(context.getAttribute(Resilience.DEGRADED)).isNull();
            assertThat(server.lastHead).as("nothing tells servers of the cache").doesNotContainIgnoringCase("via:");

            // answers of the server itself, after all tries
            for (int i = 0; i < 5; i++) {
                script.add(Fault.BUSY);
            }
            isStale(get(client, port));
            assertThat(server.requests).hasValue(6);
            assertThat(server.lastHead).containsIgnoringCase("if-none-match: \"1\"");

            // one try more is better than a stale response
            script.add(Fault.RESET_BEFORE_RESPONSE);
            script.add(Fault.STORED);
            SimpleHttpResponse again = get(client, port);
            assertThat(again.containsHeader("Cache-Status")).isFalse();
            assertThat(context.getAttribute(Resilience.DEGRADED)).isEqualTo(DegradeLevel.OTHER_ADDRESS);

            server.die();
            // else the first try may be one on a connection of before, which is certainly not sent and one more
            noneOpen(manager);
            isStale(get(client, port));
            settled(resilience);
            assertThat(resilience.report().retries()).isEqualTo(4 + 1 + 2);
            assertThat(resilience.report().degraded())
                    .containsEntry(DegradeLevel.STALE, 2L)
                    .containsEntry(DegradeLevel.OTHER_ADDRESS, 1L)
                    .containsEntry(DegradeLevel.FAILED, 0L);

            // what was never stored
            assertThatThrownBy(() -> client.execute(
                                    SimpleRequestBuilder.get("http://" + World.HOST + ":" + port + "/other")
                                            .build(),
                                    context,
                                    null)
                            .get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RetriesExhaustedException.class);
            assertThat(context.getAttribute(Resilience.DEGRADED)).isEqualTo(DegradeLevel.FAILED);
        }
    }

    @Test
    void aResponseThatForbidsItIsNotServedAndTheFailureItselfIsTold() throws Exception {
        try (FaultServer server = server(1);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            CloseableHttpAsyncClient client =
                    client(manager, resilience().manager(manager).build());
            int port = server.port();
            script.add(Fault.STORED_STRICTLY);
            assertThat(get(client, port).getCode()).isEqualTo(200);
            server.die();
            assertThatThrownBy(() -> get(client, port)).hasCauseInstanceOf(RetriesExhaustedException.class);
            assertThat(context.getAttribute(Resilience.DEGRADED)).isEqualTo(DegradeLevel.FAILED);
        }
    }

    @Test
    void aStoredResponseIsServedWhenTheTimeIsUp() throws Exception {
        try (FaultServer server = server(1);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            Resilience resilience = Resilience.builder().manager(manager).build();
            CloseableHttpAsyncClient client = client(manager, resilience);
            context.setAttribute(Resilience.OPERATION_TIMEOUT, Duration.ofMillis(300));
            int port = server.port();
            script.add(Fault.STORED);
            assertThat(get(client, port).getCode()).isEqualTo(200);
            for (int i = 0; i < 9; i++) {
                script.add(Fault.STALL_BEFORE_RESPONSE);
            }
            isStale(get(client, port));
            assertThatThrownBy(() -> client.execute(
                                    SimpleRequestBuilder.get("http://" + World.HOST + ":" + port + "/other")
                                            .build(),
                                    context,
                                    null)
                            .get(30, TimeUnit.SECONDS))
                    .satisfies(failure -> assertThat(failure.getCause())
                            .isInstanceOfAny(
                                    OperationTimeoutException.class,
                                    RetriesExhaustedException.class,
                                    java.net.SocketTimeoutException.class));
            settled(resilience);
        }
    }

    @Test
    void aStoredResponseIsServedWhenTheBackupIsDownToo() throws Exception {
        try (FaultServer server = server(2);
                HotConnectionManager first =
                        World.manager(server.addresses.subList(0, 1), 4).build();
                HotConnectionManager second =
                        World.manager(server.addresses.subList(1, 2), 4).build()) {
            FailoverConnectionManager both = new FailoverConnectionManager(
                    first,
                    second,
                    () -> HealthState.HEALTHY,
                    FailoverSettings.builder().failuresToSwitch(1).build(),
                    WaitScheduler.shared());
            Resilience resilience = resilience().manager(both).build();
            CloseableHttpAsyncClient client = client(both, resilience);
            int port = server.port();
            script.add(Fault.STORED);
            assertThat(get(client, port).getCode()).isEqualTo(200);
            server.die(server.addresses.get(0));
            assertThat(get(client, port).getCode()).isEqualTo(200);
            assertThat(context.getAttribute(Resilience.DEGRADED)).isEqualTo(DegradeLevel.BACKUP);
            server.die(server.addresses.get(1));
            isStale(get(client, port));
            assertThatThrownBy(() -> client.execute(
                                    SimpleRequestBuilder.get("http://" + World.HOST + ":" + port + "/other")
                                            .build(),
                                    context,
                                    null)
                            .get(30, TimeUnit.SECONDS))
                    .satisfies(failure -> assertThat(failure.getCause())
                            .isInstanceOf(RetriesExhaustedException.class)
                            .hasCauseInstanceOf(NoHealthyPathException.class));
        }
    }

    @Test
    void aTryAfterTheLastAddressLeavesByAnotherExit() throws Exception {
        try (FaultServer server = server(3)) {
            // to a proxy, a request for a plain URL is a request like any other
            List<Exits.Exit> proxies = server.addresses.stream()
                    .map(address ->
                            new Exits.Exit(null, new HttpHost("http", address.getHostAddress(), server.port()), 1))
                    .toList();
            int port = server.port();
            server.die(server.addresses.get(0));
            Exits exits = Exits.of(
                    proxies,
                    RotationPolicy.ROUND_ROBIN,
                    io.github.hc5.utls.address.BanSettings.defaults(),
                    io.github.hc5.utls.health.HealthSettings.defaults());
            try (HotConnectionManager manager = World.manager(List.of(), 8)
                    .setDnsResolver(null)
                    .setExits(exits)
                    .build()) {
                Resilience resilience = resilience().manager(manager).build();
                CloseableHttpAsyncClient client = resilience
                        .install(HttpAsyncClients.custom()
                                .setConnectionManager(manager)
                                .setRoutePlanner(new RotatingRoutePlanner(exits)))
                        .build();
                client.start();
                // the first is dead, the second forbids; each is left for the next
                script.add(Fault.FORBIDDEN);
                assertThat(get(client, port).getCode()).isEqualTo(200);
                assertThat(context.getAttribute(Resilience.DEGRADED)).isEqualTo(DegradeLevel.OTHER_EXIT);
                assertThat(server.asked).containsExactly(server.addresses.get(1), server.addresses.get(2));
                assertThat(resilience.report().retries()).isEqualTo(2);
            }
        }
    }
}
