package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.http.TestClient.Exchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The defects of HttpCore's and HttpClient's own HTTP/2 that this package exists to avoid, each shown on the stock stack by
 * the script that the other tests run on ours. A test that fails here after an upgrade says that a defect was repaired.
 */
@Timeout(60)
class StockDefectsTest {

    private final TestClient stock = TestClient.stock();

    @AfterEach
    void close() {
        stock.close();
    }

    @Test
    void unknownFrameTypeKillsTheRequest() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            connection.send(0x0C, 0, 0, new byte[5]);
            connection.respond(stream, "never read");
            connection.readToEnd();
        })) {
            assertThat(stock.get(stock.connect(peer), "/").failure()).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void firstRequestWaitsForThePeersSettings() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.preface();
            // PING is answered at once, and yet the request that was enqueued before is not sent
            connection.send(H2Frames.SETTINGS, H2Frames.ACK, 0);
            assertThat(connection.ping()).noneMatch(frame -> frame.type() == H2Frames.HEADERS);
            connection.settings();
            connection.respond(connection.request(), "late");
            connection.readToEnd();
        })) {
            assertThat(stock.get(stock.connect(peer), "/").body()).isEqualTo("late");
        }
    }

    @Test
    void requestRefusedByGoAwayHangs() throws Exception {
        CompletableFuture<Void> goneAway = new CompletableFuture<>();
        CompletableFuture<Void> looked = new CompletableFuture<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int accepted = connection.request();
            connection.request();
            connection.goAway(accepted, H2Error.NO_ERROR);
            connection.ping();
            connection.respond(accepted, "finished");
            connection.ping();
            goneAway.complete(null);
            looked.get(10, TimeUnit.SECONDS);
        })) {
            IOSession session = stock.connect(peer);
            Exchange accepted = stock.get(session, "/accepted");
            Exchange refused = stock.get(session, "/refused");
            accepted.body();
            goneAway.get(10, TimeUnit.SECONDS);
            assertThat(refused.isDone()).isFalse();
            looked.complete(null);
        }
    }

    @Test
    void settingsForgetWhatEarlierOnesSaid() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake(3, 1);
            connection.ping();
            connection.settings(4, 70_000);
            connection.ping();
            int first = connection.request();
            int second = connection.request();
            connection.respond(first, "1");
            connection.respond(second, "2");
            connection.readToEnd();
        })) {
            IOSession session = stock.connect(peer);
            Exchange first = stock.get(session, "/1");
            Exchange second = stock.get(session, "/2");
            first.body();
            assertThat(second.body()).isEqualTo("2");
        }
    }

    @Test
    void cancelledRequestIsNotResetUntilThePeerSpeaks() throws Exception {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        CompletableFuture<Void> looked = new CompletableFuture<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.request();
            seen.complete(null);
            cancelled.get(10, TimeUnit.SECONDS);
            connection.ping();
            assertThat(connection.ping()).noneMatch(frame -> frame.type() == H2Frames.RST_STREAM);
            looked.complete(null);
        })) {
            Exchange exchange = stock.get(stock.connect(peer), "/");
            seen.get(10, TimeUnit.SECONDS);
            exchange.cancel();
            cancelled.complete(null);
            looked.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void responseTimeoutIsIgnored() throws Exception {
        CompletableFuture<Void> looked = new CompletableFuture<>();
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            seen.complete(stream);
            looked.get(20, TimeUnit.SECONDS);
            connection.respond(stream, "too late");
            connection.readToEnd();
        })) {
            try (CloseableHttpAsyncClient client = stockClient()) {
                SimpleHttpRequest request = get(peer, "/");
                request.setConfig(RequestConfig.custom()
                        .setResponseTimeout(1, TimeUnit.MILLISECONDS)
                        .build());
                Future<SimpleHttpResponse> answer = client.execute(request, null);
                seen.get(10, TimeUnit.SECONDS);
                looked.complete(null);
                assertThat(answer.get(10, TimeUnit.SECONDS).getBodyText()).isEqualTo("too late");
            }
        }
    }

    private static SimpleHttpRequest get(H2Peer peer, String path) {
        return SimpleRequestBuilder.get("http://127.0.0.1:" + peer.port() + path)
                .build();
    }

    private static CloseableHttpAsyncClient stockClient() {
        PoolingAsyncClientConnectionManager manager = PoolingAsyncClientConnectionManagerBuilder.create()
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
                        .build())
                .setMessageMultiplexing(true)
                .setMaxConnPerRoute(1)
                .build();
        CloseableHttpAsyncClient client =
                HttpAsyncClients.custom().setConnectionManager(manager).build();
        client.start();
        return client;
    }
}
