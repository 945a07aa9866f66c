package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.hc5.utls.http.H2Peer.Frame;
import io.github.hc5.utls.http.TestClient.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong on the stock stack must go right here; {@link StockDefectsTest} shows the difference. */
@Timeout(60)
class H2SessionTest {

    private final TestClient client = TestClient.ours();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void requestIsAnswered() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.respond(connection.request(), "hello");
            connection.readToEnd();
        })) {
            assertThat(client.get(client.connect(peer), "/").body()).isEqualTo("hello");
        }
    }

    @Test
    void firstRequestDoesNotWaitForThePeersSettings() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.preface();
            int stream = connection.request();
            connection.settings();
            connection.respond(stream, "early");
            connection.readToEnd();
        })) {
            assertThat(client.get(client.connect(peer), "/").body()).isEqualTo("early");
        }
    }

    @Test
    void unknownFrameTypesAreIgnored() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.send(0x0C, 0, 0, new byte[5]);
            int stream = connection.request();
            connection.send(0x0A, 0, stream, new byte[3]);
            connection.send(0xFE, 0xFF, stream, new byte[100]);
            connection.respond(stream, "fine");
            connection.readToEnd();
        })) {
            assertThat(client.get(client.connect(peer), "/").body()).isEqualTo("fine");
        }
    }

    @Test
    void goAwayFailsRefusedRequestsAsSafeToRetryAndLetsAcceptedOnesFinish() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int accepted = connection.request();
            connection.request();
            connection.goAway(accepted, H2Error.NO_ERROR);
            refused.await(10, TimeUnit.SECONDS);
            connection.respond(accepted, "finished");
            assertThat(connection.readToEnd()).extracting(H2Peer.Frame::type).doesNotContain(H2Frames.HEADERS);
        })) {
            IOSession session = client.connect(peer);
            Exchange accepted = client.get(session, "/accepted");
            Exchange lost = client.get(session, "/refused");
            assertThat(lost.failure()).isInstanceOf(RequestNotExecutedException.class);
            refused.countDown();
            assertThat(accepted.body()).isEqualTo("finished");
            peer.await();
        }
    }

    @Test
    void goAwayWithAnErrorStillLetsAcceptedRequestsFinish() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int accepted = connection.request();
            connection.goAway(accepted, H2Error.ENHANCE_YOUR_CALM);
            connection.respond(accepted, "finished");
            connection.readToEnd();
        })) {
            assertThat(client.get(client.connect(peer), "/").body()).isEqualTo("finished");
        }
    }

    @Test
    void requestsQueuedAtGoAwayFailAsSafeToRetry() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake(3, 1);
            int first = connection.request();
            connection.ping();
            connection.goAway(first, H2Error.NO_ERROR);
            connection.ping();
            connection.respond(first, "one");
            connection.readToEnd();
        })) {
            IOSession session = connectAndAwaitSettings(peer);
            Exchange first = client.get(session, "/1");
            Exchange second = client.get(session, "/2");
            assertThat(second.failure()).isInstanceOf(RequestNotExecutedException.class);
            assertThat(first.body()).isEqualTo("one");
        }
    }

    @Test
    void refusedStreamIsSafeToRetryAndLeavesTheConnection() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.reset(connection.request(), H2Error.REFUSED_STREAM);
            connection.respond(connection.request(), "next");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            assertThat(client.get(session, "/refused").failure()).isInstanceOf(RequestNotExecutedException.class);
            assertThat(client.get(session, "/next").body()).isEqualTo("next");
        }
    }

    @Test
    void resetNamesTheError() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.reset(connection.request(), H2Error.INTERNAL_ERROR);
            connection.readToEnd();
        })) {
            Throwable failure = client.get(client.connect(peer), "/").failure();
            assertThat(failure).isInstanceOf(H2StreamResetException.class).hasMessageContaining("INTERNAL_ERROR");
        }
    }

    @Test
    void cancellingOneExchangeResetsItsStreamOnly() throws Exception {
        CompletableFuture<Integer> other = new CompletableFuture<>();
        CountDownLatch bothSeen = new CountDownLatch(1);
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int cancelled = connection.request();
            other.complete(connection.request());
            bothSeen.countDown();
            H2Peer.Frame reset = connection.read(H2Frames.RST_STREAM);
            assertThat(reset.streamId()).isEqualTo(cancelled);
            assertThat(reset.int32(0)).isEqualTo(H2Error.CANCEL.getCode());
            // what was on its way when the client gave up must not hurt
            connection.headers(cancelled, false, ":status", "200", "x-late", "value");
            connection.send(H2Frames.DATA, H2Frames.END_STREAM, cancelled, new byte[10]);
            connection.respond(other.get(), "alive");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            Exchange first = client.get(session, "/cancelled");
            Exchange second = client.get(session, "/other");
            bothSeen.await(10, TimeUnit.SECONDS);
            first.cancel();
            assertThat(first.failure()).isInstanceOf(H2StreamResetException.class);
            assertThat(second.body()).isEqualTo("alive");
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    void headersForAForgottenStreamKeepTheTablesInStep() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int cancelled = connection.request();
            seen.countDown();
            connection.read(H2Frames.RST_STREAM);
            connection.headers(cancelled, true, ":status", "200", "x-indexed", "one-value");
            int next = connection.request();
            // both fields are references into the table that the late block filled
            connection.headers(next, true, ":status", "200", "x-indexed", "one-value");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            Exchange first = client.get(session, "/cancelled");
            seen.await(10, TimeUnit.SECONDS);
            first.cancel();
            first.failure();
            Exchange second = client.get(session, "/next");
            assertThat(second.result().getHead().getFirstHeader("x-indexed").getValue())
                    .isEqualTo("one-value");
        }
    }

    @Test
    void requestsStartInTheOrderTheyWereMade() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake(3, 1);
            for (int i = 0; i < 6; i++) {
                H2Peer.Frame request = connection.read(H2Frames.HEADERS);
                String path = connection.decode(request).stream()
                        .filter(field -> field.getName().equals(":path"))
                        .findFirst()
                        .orElseThrow()
                        .getValue();
                connection.respond(request.streamId(), path);
            }
            connection.readToEnd();
        })) {
            IOSession session = connectAndAwaitSettings(peer);
            Queue<String> order = new ConcurrentLinkedQueue<>();
            Exchange[] exchanges = new Exchange[6];
            CompletableFuture<?>[] ended = new CompletableFuture<?>[6];
            for (int i = 0; i < exchanges.length; i++) {
                exchanges[i] = client.get(session, "/" + i);
                ended[i] = exchanges[i].future().thenAccept(message -> order.add(String.valueOf(message.getBody())));
            }
            CompletableFuture.allOf(ended).get(20, TimeUnit.SECONDS);
            assertThat(order).containsExactly("/0", "/1", "/2", "/3", "/4", "/5");
        }
    }

    @Test
    void peersLimitOfStreamsIsKept() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake(3, 2);
            connection.ping();
            int first = connection.request();
            int second = connection.request();
            assertThat(connection.ping()).noneMatch(frame -> frame.type() == H2Frames.HEADERS);
            connection.respond(first, "1");
            int third = connection.request();
            connection.respond(second, "2");
            connection.respond(third, "3");
            connection.readToEnd();
        })) {
            IOSession session = connectAndAwaitSettings(peer);
            Exchange[] exchanges = {client.get(session, "/1"), client.get(session, "/2"), client.get(session, "/3")};
            assertThat(exchanges[0].body()).isEqualTo("1");
            assertThat(exchanges[1].body()).isEqualTo("2");
            assertThat(exchanges[2].body()).isEqualTo("3");
        }
    }

    /** What waits to be sent is our own here, and no sign of a peer that only asks for answers. */
    @Test
    void pingIsAnsweredWhileMegabytesOfRequestsWait() throws Exception {
        int requests = 90;
        CompletableFuture<Void> enqueued = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(requests);
        ServerSocket narrow = new ServerSocket();
        narrow.setReceiveBufferSize(1 << 14);
        narrow.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (H2Peer peer = H2Peer.start(narrow, connection -> {
            connection.handshake();
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            connection.send(H2Frames.PING, 0, 0, new byte[8]);
            Frame frame = connection.read();
            while (frame.type() != H2Frames.PING) {
                assertThat(frame.type()).isNotEqualTo(H2Frames.GOAWAY);
                frame = connection.read();
            }
            assertThat(frame.has(H2Frames.ACK)).isTrue();
        })) {
            IOSession session = client.connect(peer);
            for (int i = 0; i < requests; i++) {
                BasicHttpRequest head = new BasicHttpRequest("GET", URI.create("http://127.0.0.1/" + i));
                head.addHeader("X-Large", Integer.toString(i).repeat(100_000));
                client.execute(
                        session,
                        new BasicRequestProducer(head, null) {
                            @Override
                            public void sendRequest(RequestChannel channel, HttpContext context)
                                    throws HttpException, IOException {
                                // all in one turn: once the socket takes no more, the next comes with the next input
                                enqueued.join();
                                super.sendRequest(channel, context);
                                begun.countDown();
                            }
                        },
                        HttpCoreContext.create());
            }
            enqueued.complete(null);
            peer.await();
        }
    }

    @Test
    void peerThatAsksForAnswersAndReadsNoneIsServedNoLonger() throws Exception {
        ServerSocket narrow = new ServerSocket();
        narrow.setReceiveBufferSize(1 << 14);
        narrow.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (H2Peer peer = H2Peer.start(narrow, connection -> {
            connection.handshake();
            connection.request();
            byte[] pings = new byte[17 * 10_000];
            for (int i = 0; i < pings.length; i += 17) {
                pings[i + 2] = 8;
                pings[i + 3] = H2Frames.PING;
            }
            assertThatIOException().isThrownBy(() -> {
                while (true) {
                    connection.sendRaw(pings);
                }
            });
        })) {
            Throwable failure = client.get(client.connect(peer), "/").failure();
            assertThat(failure).isInstanceOf(H2ConnectionException.class).hasMessageContaining("reads none");
        }
    }

    /** Connects and waits until the peer's limits are known. */
    private IOSession connectAndAwaitSettings(H2Peer peer) throws Exception {
        RecordingOwner owner = new RecordingOwner(HttpVersionPolicy.FORCE_HTTP_2);
        IOSession session = client.connect(peer.address(), owner);
        while (owner.all().stream().noneMatch(report -> report.startsWith("concurrency"))) {
            Thread.onSpinWait();
        }
        return session;
    }
}
