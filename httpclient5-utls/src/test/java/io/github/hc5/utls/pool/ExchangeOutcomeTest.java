package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener hears of exchanges, on real sockets. */
class ExchangeOutcomeTest {

    private record Heard(@Nullable InetAddress address, Outcome outcome, int status, long elapsedNanos) {}

    private final List<Heard> heard = new CopyOnWriteArrayList<>();

    private HotConnectionManager manager(LoopbackServer server) {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(server.clientTls())
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build())
                .setPoolListener(new PoolListener() {
                    @Override
                    public void exchangeEnded(
                            HttpRoute route,
                            @Nullable InetAddress address,
                            Outcome outcome,
                            int status,
                            long elapsedNanos) {
                        heard.add(new Heard(address, outcome, status, elapsedNanos));
                    }
                })
                .build();
    }

    private static CloseableHttpAsyncClient client(HotConnectionManager manager) {
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .disableAutomaticRetries()
                .build();
        client.start();
        return client;
    }

    private static LoopbackServer server(boolean http2) throws Exception {
        return http2 ? LoopbackServer.http2() : LoopbackServer.http1();
    }

    private void hears(int exchanges) {
        Await.until("heard of " + exchanges, () -> heard.size() >= exchanges);
        assertThat(heard).hasSize(exchanges);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachExchangeIsToldOnce(boolean http2) throws Exception {
        try (LoopbackServer server = server(http2);
                HotConnectionManager manager = manager(server);
                CloseableHttpAsyncClient client = client(manager)) {
            for (int i = 0; i < 3; i++) {
                client.execute(SimpleHttpRequest.create("GET", server.uri("/")), null)
                        .get(30, TimeUnit.SECONDS);
            }
            hears(3);
            assertThat(heard).allSatisfy(h -> {
                assertThat(h.outcome()).isEqualTo(Outcome.OK);
                assertThat(h.status()).isEqualTo(200);
                assertThat(h.elapsedNanos()).isPositive();
                assertThat(h.address()).matches(a -> a != null && a.isLoopbackAddress());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExchangeCutOffIsAReset(boolean http2) throws Exception {
        try (LoopbackServer server = server(http2);
                HotConnectionManager manager = manager(server);
                CloseableHttpAsyncClient client = client(manager)) {
            Future<SimpleHttpResponse> future =
                    client.execute(SimpleHttpRequest.create("GET", server.uri("/hold")), null);
            Await.until("held", () -> server.holding() == 1);
            server.stop();
            Await.until("failed", future::isDone);
            hears(1);
            assertThat(heard.get(0).outcome()).isEqualTo(Outcome.RESET);
            assertThat(heard.get(0).status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatDoesNotComeIsATimeout(boolean http2) throws Exception {
        try (LoopbackServer server = server(http2);
                HotConnectionManager manager = manager(server);
                CloseableHttpAsyncClient client = client(manager)) {
            SimpleHttpRequest request = SimpleHttpRequest.create("GET", server.uri("/hold"));
            request.setConfig(RequestConfig.custom()
                    .setResponseTimeout(Timeout.ofMilliseconds(200))
                    .build());
            Future<SimpleHttpResponse> future = client.execute(request, null);
            Await.until("failed", future::isDone);
            hears(1);
            assertThat(heard.get(0).outcome()).isEqualTo(Outcome.TIMED_OUT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatItsCallerCancelsSaysNothingOfTheAddress(boolean http2) throws Exception {
        try (LoopbackServer server = server(http2);
                HotConnectionManager manager = manager(server);
                CloseableHttpAsyncClient client = client(manager)) {
            Future<SimpleHttpResponse> future =
                    client.execute(SimpleHttpRequest.create("GET", server.uri("/hold")), null);
            Await.until("held", () -> server.holding() == 1);
            future.cancel(true);
            hears(1);
            assertThat(heard.get(0).outcome()).isEqualTo(Outcome.CANCELLED);
        }
    }
}
