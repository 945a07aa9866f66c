package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.async.MinimalHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The manager in HttpClient's asynchronous client, against real servers on loopback sockets. */
class RealSocketTest {

    private static final FutureCallback<SimpleHttpResponse> NOBODY = new FutureCallback<>() {
        @Override
        public void completed(SimpleHttpResponse result) {}

        @Override
        public void failed(Exception ex) {}

        @Override
        public void cancelled() {}
    };

    private static HotConnectionManagerBuilder manager(LoopbackServer server) {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(server.clientTls())
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build());
    }

    private static CloseableHttpAsyncClient client(HotConnectionManager manager) {
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .disableAutomaticRetries()
                .build();
        client.start();
        return client;
    }

    private static Future<SimpleHttpResponse> get(CloseableHttpAsyncClient client, String uri) {
        return client.execute(SimpleHttpRequest.create("GET", uri), NOBODY);
    }

    private static List<Future<SimpleHttpResponse>> get(CloseableHttpAsyncClient client, String uri, int times) {
        List<Future<SimpleHttpResponse>> futures = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            futures.add(get(client, uri));
        }
        return futures;
    }

    private static SimpleHttpResponse result(Future<SimpleHttpResponse> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static HttpRoute route(LoopbackServer server) {
        return new HttpRoute(new HttpHost("https", "localhost", server.port()), (InetAddress) null, true);
    }

    @Test
    void concurrentRequestsToAColdHttp2HostShareOneConnection() throws Exception {
        try (LoopbackServer server = LoopbackServer.http2();
                HotConnectionManager manager = manager(server).build();
                CloseableHttpAsyncClient client = client(manager)) {
            for (Future<SimpleHttpResponse> future : get(client, server.uri("/"), 64)) {
                assertThat(result(future).getCode()).isEqualTo(200);
            }
            assertThat(server.accepted()).isEqualTo(1);
            ConnectionSnapshot connection =
                    manager.snapshot().routes().get(0).connections().get(0);
            assertThat(connection.protocol()).isEqualTo("HTTP/2.0");
            assertThat(connection.leases()).isEqualTo(64);
            assertThat(connection.remote()).isNotNull();
            Await.until("every lease is back", () -> manager.snapshot().inFlight() == 0);
        }
    }

    @Test
    void thePeersStreamLimitIsKept() throws Exception {
        try (LoopbackServer server = new LoopbackServer(HttpVersionPolicy.NEGOTIATE, true, 3);
                HotConnectionManager manager =
                        manager(server).setMaxConnPerRoute(2).build();
                CloseableHttpAsyncClient client = client(manager)) {
            result(get(client, server.uri("/")));
            Await.until(
                    "the peer's SETTINGS are known",
                    () -> manager.snapshot()
                                    .routes()
                                    .get(0)
                                    .connections()
                                    .get(0)
                                    .maxInFlight()
                            == 3);
            List<Future<SimpleHttpResponse>> futures = get(client, server.uri("/hold"), 10);
            Await.until("six are held", () -> server.holding() == 6);
            assertThat(manager.getTotalStats().getPending()).isEqualTo(4);
            while (futures.stream().anyMatch(f -> !f.isDone())) {
                server.letGo();
            }
            for (Future<SimpleHttpResponse> future : futures) {
                assertThat(result(future).getCode()).isEqualTo(200);
            }
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void requestsFanOutWithinTheLimitWhereTheHostSpeaksHttp1() throws Exception {
        try (LoopbackServer server = LoopbackServer.http1();
                HotConnectionManager manager =
                        manager(server).setMaxConnPerRoute(5).build();
                CloseableHttpAsyncClient client = client(manager)) {
            for (Future<SimpleHttpResponse> future : get(client, server.uri("/"), 100)) {
                assertThat(result(future).getBodyText()).isEqualTo("hello");
            }
            assertThat(server.mostOpen()).isBetween(1, 5);
        }
    }

    @Test
    void cancellingOneRequestLeavesTheOthersOnTheConnection() throws Exception {
        try (LoopbackServer server = LoopbackServer.http2();
                HotConnectionManager manager = manager(server).build();
                CloseableHttpAsyncClient client = client(manager)) {
            result(get(client, server.uri("/")));
            List<Future<SimpleHttpResponse>> futures = get(client, server.uri("/hold"), 8);
            Await.until("all are held", () -> server.holding() == 8);
            futures.get(3).cancel(true);
            Await.until("the lease is back", () -> manager.snapshot().inFlight() == 7);
            server.letGo();
            futures.remove(3);
            for (Future<SimpleHttpResponse> future : futures) {
                assertThat(result(future).getCode()).isEqualTo(200);
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aHolderOfALeaseMayDropItsFutureAndRunItsExchange() throws Exception {
        try (LoopbackServer server = LoopbackServer.http1();
                HotConnectionManager manager = manager(server).build();
                MinimalHttpAsyncClient client = HttpAsyncClients.createMinimal(
                        H2Config.DEFAULT, Http1Config.DEFAULT, IOReactorConfig.DEFAULT, manager)) {
            client.start();
            for (int i = 0; i < 10; i++) {
                SimpleHttpRequest request =
                        SimpleRequestBuilder.get(server.uri("/")).build();
                assertThat(result(client.execute(request, NOBODY)).getCode()).isEqualTo(200);
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    /** A minimal client has no chain that would say how long a body is, and for whom. */
    @ParameterizedTest
    @EnumSource(names = {"FORCE_HTTP_1", "FORCE_HTTP_2"})
    void theConnectionAddsWhatAMinimalClientLeavesOut(HttpVersionPolicy policy) throws Exception {
        try (LoopbackServer server = new LoopbackServer(policy, true, 100);
                HotConnectionManager manager = manager(server).build();
                MinimalHttpAsyncClient client = HttpAsyncClients.createMinimal(
                        H2Config.DEFAULT, Http1Config.DEFAULT, IOReactorConfig.DEFAULT, manager)) {
            client.start();
            for (String body : List.of("", "some text")) {
                SimpleHttpRequest request = SimpleRequestBuilder.post(server.uri("/"))
                        .setBody(body, ContentType.TEXT_PLAIN)
                        .build();
                assertThat(result(client.execute(request, NOBODY)).getBodyText())
                        .isEqualTo(body);
            }
            SimpleHttpRequest empty = SimpleRequestBuilder.post(server.uri("/")).build();
            assertThat(result(client.execute(empty, NOBODY)).getCode()).isEqualTo(200);
        }
    }

    @Test
    void aResponseTimeoutEndsOneExchangeOnHttp2() throws Exception {
        try (LoopbackServer server = LoopbackServer.http2();
                HotConnectionManager manager = manager(server).build();
                CloseableHttpAsyncClient client = client(manager)) {
            SimpleHttpRequest slow = SimpleHttpRequest.create("GET", server.uri("/hold"));
            slow.setConfig(RequestConfig.custom()
                    .setResponseTimeout(Timeout.ofMilliseconds(200))
                    .build());
            Future<SimpleHttpResponse> patient = get(client, server.uri("/hold"));
            assertThatThrownBy(() -> result(client.execute(slow, NOBODY)))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SocketTimeoutException.class);
            server.letGo();
            assertThat(result(patient).getCode()).isEqualTo(200);
            Await.until("no lease is out", () -> manager.snapshot().inFlight() == 0);
        }
    }

    @Test
    void prewarmedConnectionsServeTheFirstRequest() throws Exception {
        try (LoopbackServer server = LoopbackServer.http1();
                HotConnectionManager manager = manager(server).build();
                CloseableHttpAsyncClient client = client(manager)) {
            PrewarmReport report = manager.prewarm(Prewarm.of(route(server), 4).withValidation(true))
                    .result()
                    .get(30, TimeUnit.SECONDS);
            assertThat(report.isComplete()).as("%s", report).isTrue();
            Await.until("the server has accepted them", () -> server.accepted() == 4);

            result(get(client, server.uri("/")));

            assertThat(server.accepted()).isEqualTo(4);
        }
    }

    @Test
    void prewarmingReportsWhatItCouldNotOpen() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        try (LoopbackServer server = LoopbackServer.http2();
                HotConnectionManager manager = manager(server).build()) {
            HttpRoute dead = new HttpRoute(new HttpHost("https", "localhost", port), (InetAddress) null, true);
            PrewarmReport report =
                    manager.prewarm(Prewarm.of(dead, 3).withRetries(1)).result().get(30, TimeUnit.SECONDS);

            assertThat(report.opened()).isZero();
            assertThat(report.failures())
                    .hasSize(3)
                    .allSatisfy(f -> assertThat(f).hasMessageContaining("Connect to https://localhost:" + port));
            assertThat(manager.snapshot().open()).isZero();
        }
    }

    @Test
    void discoveryTellsTheProtocol() throws Exception {
        try (LoopbackServer server = LoopbackServer.http2();
                HotConnectionManager manager = manager(server).build()) {
            RouteDiscovery found = manager.discover(route(server)).get(30, TimeUnit.SECONDS);
            assertThat(found.protocol()).isEqualTo("HTTP/2.0");
            assertThat(found.addresses()).isNotEmpty();
        }
    }

    @Test
    void aHandshakeThatStallsFailsByItsOwnTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                LoopbackServer server = LoopbackServer.http2();
                HotConnectionManager manager = manager(server)
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setHandshakeTimeout(Timeout.ofMilliseconds(300))
                                .build())
                        .build();
                CloseableHttpAsyncClient client = client(manager)) {
            String uri = "https://localhost:" + silent.getLocalPort() + "/";
            assertThatThrownBy(() -> result(get(client, uri))).hasRootCauseInstanceOf(SocketTimeoutException.class);
            Await.until("nothing is open", () -> manager.snapshot().open() == 0);
        }
    }

    @Test
    void aConnectionTheServerClosedIsNotLeased() throws Exception {
        try (LoopbackServer server = LoopbackServer.http1()) {
            HotConnectionManager manager = manager(server).build();
            try (CloseableHttpAsyncClient client = client(manager)) {
                result(get(client, server.uri("/")));
                server.stop();
                Await.until(
                        "the pool has seen the close", () -> manager.snapshot().open() == 0);
                assertThatThrownBy(() -> result(get(client, server.uri("/"))))
                        .hasMessageContaining("Connect to https://localhost");
            }
        }
    }

    @Test
    void aPinnedContextStaysOnOneConnection() throws Exception {
        try (LoopbackServer server = LoopbackServer.http1();
                HotConnectionManager manager = manager(server).build();
                CloseableHttpAsyncClient client = client(manager);
                PinnedRoute pin = manager.pin(route(server))) {
            HttpClientContext context = HttpClientContext.create();
            context.setUserToken(pin);
            List<Future<SimpleHttpResponse>> pinned = new ArrayList<>();
            List<Future<SimpleHttpResponse>> others = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                HttpClientContext own = HttpClientContext.create();
                own.setUserToken(pin);
                pinned.add(client.execute(SimpleHttpRequest.create("GET", server.uri("/")), own, NOBODY));
                others.add(get(client, server.uri("/")));
            }
            for (Future<SimpleHttpResponse> future : pinned) {
                result(future);
            }
            for (Future<SimpleHttpResponse> future : others) {
                result(future);
            }
            List<Long> leases = manager.snapshot().routes().get(0).connections().stream()
                    .map(ConnectionSnapshot::leases)
                    .collect(Collectors.toList());
            assertThat(leases).contains(5L);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCE_HTTP_1", "FORCE_HTTP_2"})
    void aGracefulCloseLetsExchangesFinish(HttpVersionPolicy policy) throws Exception {
        Set<Thread> before = threads();
        try (LoopbackServer server = new LoopbackServer(policy, true, 100)) {
            HotConnectionManager manager = manager(server).build();
            CloseableHttpAsyncClient client = client(manager);
            List<Future<SimpleHttpResponse>> futures = get(client, server.uri("/hold"), 3);
            Await.until("all are held", () -> server.holding() == 3);
            Thread closer = new Thread(() -> manager.close(CloseMode.GRACEFUL), "closer");
            closer.start();
            Await.until("closing has begun", manager::isClosed);
            server.letGo();
            for (Future<SimpleHttpResponse> future : futures) {
                assertThat(result(future).getCode()).isEqualTo(200);
            }
            closer.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(closer.isAlive()).isFalse();
            assertNoThreadOfThePool(before);
            client.close(CloseMode.IMMEDIATE);
        }
    }

    @Test
    void aGracefulCloseEndsAtItsLimit() throws Exception {
        try (LoopbackServer server = LoopbackServer.http2()) {
            HotConnectionManager manager = manager(server)
                    .setPoolSettings(PoolSettings.builder()
                            .closeTimeout(Duration.ofMillis(200))
                            .build())
                    .build();
            CloseableHttpAsyncClient client = client(manager);
            Future<SimpleHttpResponse> held = get(client, server.uri("/hold"));
            Await.until("it is held", () -> server.holding() == 1);
            manager.close(CloseMode.GRACEFUL);
            assertThatThrownBy(() -> result(held)).isInstanceOf(ExecutionException.class);
            client.close(CloseMode.IMMEDIATE);
        }
    }

    @ParameterizedTest
    @EnumSource(CloseMode.class)
    void whoWaitsForAConnectionFailsAtOnceWhenThePoolIsClosed(CloseMode mode) throws Exception {
        Set<Thread> before = threads();
        try (LoopbackServer server = LoopbackServer.http1()) {
            HotConnectionManager manager = manager(server).setMaxConnPerRoute(2).build();
            CloseableHttpAsyncClient client = client(manager);
            List<Future<SimpleHttpResponse>> running = get(client, server.uri("/hold"), 2);
            Await.until("both are held", () -> server.holding() == 2);
            List<Future<SimpleHttpResponse>> waiting = get(client, server.uri("/hold"), 3);
            Await.until("the others wait", () -> manager.getTotalStats().getPending() == 3);
            Thread closer = new Thread(() -> manager.close(mode), "closer");
            closer.start();
            for (Future<SimpleHttpResponse> future : waiting) {
                assertThatThrownBy(() -> result(future)).hasMessageContaining("Connection pool shut down");
            }
            if (mode == CloseMode.GRACEFUL) {
                assertThat(running).noneMatch(Future::isDone);
                server.letGo();
                for (Future<SimpleHttpResponse> future : running) {
                    assertThat(result(future).getCode()).isEqualTo(200);
                }
            } else {
                for (Future<SimpleHttpResponse> future : running) {
                    assertThatThrownBy(() -> result(future)).isInstanceOf(ExecutionException.class);
                }
            }
            closer.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(closer.isAlive()).isFalse();
            assertThat(manager.snapshot().open()).isZero();
            assertNoThreadOfThePool(before);
            client.close(CloseMode.IMMEDIATE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCE_HTTP_1", "FORCE_HTTP_2"})
    void anImmediateCloseFailsExchangesAndEndsEveryThread(HttpVersionPolicy policy) throws Exception {
        Set<Thread> before = threads();
        try (LoopbackServer server = new LoopbackServer(policy, true, 100)) {
            HotConnectionManager manager = manager(server).build();
            CloseableHttpAsyncClient client = client(manager);
            List<Future<SimpleHttpResponse>> futures = get(client, server.uri("/hold"), 3);
            Await.until("all are held", () -> server.holding() == 3);
            manager.close(CloseMode.IMMEDIATE);
            for (Future<SimpleHttpResponse> future : futures) {
                assertThatThrownBy(() -> result(future)).isInstanceOf(ExecutionException.class);
            }
            assertThat(manager.snapshot().inFlight()).isZero();
            assertNoThreadOfThePool(before);
            client.close(CloseMode.IMMEDIATE);
        }
    }

    @Test
    void closingFromACallbackDoesNotWaitForItself() throws Exception {
        Set<Thread> before = threads();
        try (LoopbackServer server = LoopbackServer.http1()) {
            HotConnectionManager manager = manager(server).build();
            CloseableHttpAsyncClient client = client(manager);
            Future<SimpleHttpResponse> response = client.execute(
                    SimpleHttpRequest.create("GET", server.uri("/")), new FutureCallback<SimpleHttpResponse>() {
                        @Override
                        public void completed(SimpleHttpResponse result) {
                            manager.close(CloseMode.GRACEFUL);
                        }

                        @Override
                        public void failed(Exception ex) {}

                        @Override
                        public void cancelled() {}
                    });
            result(response);
            Await.until("it is closed", manager::isClosed);
            Await.until("no thread is left", () -> poolThreads(before).isEmpty());
            client.close(CloseMode.IMMEDIATE);
        }
    }

    @Test
    void plainHttp2WithPriorKnowledge() throws Exception {
        try (LoopbackServer server = new LoopbackServer(HttpVersionPolicy.FORCE_HTTP_2, false, 100);
                HotConnectionManager manager = manager(server)
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
                                .build())
                        .build();
                CloseableHttpAsyncClient client = client(manager)) {
            for (Future<SimpleHttpResponse> future : get(client, server.uri("/"), 20)) {
                assertThat(result(future).getBodyText()).isEqualTo("hello");
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aBodyGoesUpAndDown() throws Exception {
        String body = "x".repeat(3_000_000);
        try (LoopbackServer server = LoopbackServer.http2();
                HotConnectionManager manager = manager(server).build();
                CloseableHttpAsyncClient client = client(manager)) {
            SimpleHttpRequest post = SimpleRequestBuilder.post(server.uri("/echo"))
                    .setBody(body, org.apache.hc.core5.http.ContentType.TEXT_PLAIN)
                    .build();
            assertThat(result(client.execute(post, NOBODY)).getBodyText()).isEqualTo(body);
        }
    }

    private static Set<Thread> threads() {
        return Set.copyOf(Thread.getAllStackTraces().keySet());
    }

    private static Set<String> poolThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> !before.contains(t) && t.getName().startsWith("utls-"))
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }

    private static void assertNoThreadOfThePool(@Nullable Set<Thread> before) {
        assertThat(poolThreads(before != null ? before : Set.of())).isEmpty();
    }
}
