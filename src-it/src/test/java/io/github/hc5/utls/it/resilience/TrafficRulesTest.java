package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.pool.CloseReason;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.MaintenanceReport;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.resilience.LoadClassConnectionManager;
import io.github.hc5.utls.resilience.LoadClassConnectionManager.LoadClass;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.RetrySettings;
import io.github.hc5.utls.resilience.TimeoutSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What else rules traffic, each on sockets: classes of load, crawl delays, timeouts that follow a host, upkeep. */
@Timeout(60)
class TrafficRulesTest {

    /** Requests whose id says so are not answered. */
    private static FaultServer server(int first) throws IOException {
        return new FaultServer(
                first, 1, () -> "", (local, id) -> "stall".equals(id) ? Fault.STALL_BEFORE_RESPONSE : Fault.NONE);
    }

    private static SimpleHttpRequest request(FaultServer server, String id) {
        return SimpleRequestBuilder.get("http://" + World.HOST + ":" + server.port() + "/")
                .addHeader("X-Id", id)
                .build();
    }

    private static Future<SimpleHttpResponse> send(
            CloseableHttpAsyncClient client, SimpleHttpRequest request, Duration budget) {
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(Resilience.OPERATION_TIMEOUT, budget);
        return client.execute(request, context, null);
    }

    private static void until(String what, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!isSo.getAsBoolean() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(2_000_000L);
        }
        assertThat(isSo.getAsBoolean()).as(what).isTrue();
    }

    private static void restart(FaultServer server, InetAddress address) {
        try {
            server.die(address);
            server.rise(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aClassOfLoadHasConnectionsThatNoOtherCanTake() throws Exception {
        try (FaultServer server = server(120)) {
            List<InetAddress> address = server.addresses;
            HotConnectionManager urgent = World.manager(address, 2).build();
            HotConnectionManager rest = World.manager(address, 2).build();
            try (LoadClassConnectionManager both = new LoadClassConnectionManager(
                            List.of(new LoadClass(Duration.ofSeconds(20), urgent)), rest);
                    CloseableHttpAsyncClient client =
                            World.client(both, Resilience.builder().build())) {
                List<Future<SimpleHttpResponse>> stalled = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    stalled.add(send(client, request(server, "stall"), Duration.ofSeconds(50)));
                }
                until("two are with the server, and the others wait", () -> server.requests.get() == 2);

                for (int i = 0; i < 20; i++) {
                    assertThat(send(client, request(server, "urgent"), Duration.ofSeconds(20))
                                    .get(20, TimeUnit.SECONDS)
                                    .getCode())
                            .isEqualTo(200);
                }
                assertThat(stalled).noneMatch(Future::isDone);
                assertThat(server.requests).hasValue(22);
                assertThat(rest.snapshot().inFlight()).isEqualTo(2);
                assertThat(urgent.snapshot().inFlight()).isZero();
            }
        }
    }

    @Test
    void aCrawlDelayIsKeptBetweenTheRequestsToItsHost() throws Exception {
        JumpingTime time = new JumpingTime();
        try (FaultServer server = server(121);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            Resilience resilience = World.resilience(manager).scheduler(time).build();
            resilience.setCrawlDelay(new HttpHost("http", World.HOST, server.port()), Duration.ofSeconds(5));
            try (CloseableHttpAsyncClient client = World.client(manager, resilience)) {
                for (int i = 0; i < 4; i++) {
                    assertThat(client.execute(request(server, ""), null)
                                    .get(20, TimeUnit.SECONDS)
                                    .getCode())
                            .isEqualTo(200);
                }
                // what a request itself took counts towards the delay
                assertThat(time.waits)
                        .hasSize(3)
                        .allSatisfy(wait -> assertThat(wait).isBetween(3000L, 5000L));
                assertThat(server.requests).hasValue(4);

                resilience.setCrawlDelay(new HttpHost("http", World.HOST, server.port()), Duration.ZERO);
                for (int i = 0; i < 4; i++) {
                    client.execute(request(server, ""), null).get(20, TimeUnit.SECONDS);
                }
                assertThat(time.waits).as("none is asked for any more").hasSize(3);
            }
        }
    }

    @Test
    void theTimeoutFollowsWhatTheHostUsuallyTakes() throws Exception {
        try (FaultServer server = server(122);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            Resilience resilience = World.resilience(manager)
                    .retry(RetrySettings.builder().unstableTries(1).build())
                    .timeouts(TimeoutSettings.builder()
                            .response(Duration.ofMinutes(10))
                            .operation(Duration.ofMinutes(10))
                            .adaptive(true)
                            .adaptiveFloor(Duration.ofMillis(500))
                            .adaptiveCeiling(Duration.ofMinutes(5))
                            .build())
                    .build();
            try (CloseableHttpAsyncClient client = World.client(manager, resilience)) {
                for (int i = 0; i < 30; i++) {
                    assertThat(client.execute(request(server, ""), null)
                                    .get(20, TimeUnit.SECONDS)
                                    .getCode())
                            .isEqualTo(200);
                }
                // without it this would take ten minutes
                assertThatThrownBy(() ->
                                client.execute(request(server, "stall"), null).get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void theReportOfTheUpkeepTellsWhatWasClosedAndReplaced() throws Exception {
        try (FaultServer server = server(123);
                HotConnectionManager manager = World.manager(server.addresses, 4)
                        .setPoolSettings(PoolSettings.builder()
                                .maxPerRoute(4)
                                .minIdlePerRoute(3)
                                .checkInterval(Duration.ofMillis(100))
                                .maxLifetime(Duration.ofMillis(400))
                                .lifetimeJitter(0)
                                .closeTimeout(Duration.ZERO)
                                .build())
                        .build();
                CloseableHttpAsyncClient client =
                        World.client(manager, World.resilience(manager).build())) {
            assertThat(client.execute(request(server, ""), null)
                            .get(20, TimeUnit.SECONDS)
                            .getCode())
                    .isEqualTo(200);
            until("the minimum is kept ready", () -> manager.snapshot().idle() >= 3);
            until("those too old are closed, and others opened for them", () -> {
                MaintenanceReport report = manager.maintenance();
                return report.closed().getOrDefault(CloseReason.LIFETIME, 0L) >= 3 && report.replenished() >= 4;
            });
            until("those that the server broke have left, too", () -> {
                // again, where there was none just then, or it was too old at the same moment
                restart(server, server.addresses.get(0));
                MaintenanceReport report = manager.maintenance();
                return report.closedInAll() > report.closed().getOrDefault(CloseReason.LIFETIME, 0L);
            });
            MaintenanceReport report = manager.maintenance();
            assertThat(report.runs()).isPositive();
            until("and the minimum is ready again", () -> manager.snapshot().idle() >= 3);
        }
    }
}
