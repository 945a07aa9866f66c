package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.http.H2Peer.Connection;
import io.github.hc5.utls.http.H2Peer.Frame;
import io.github.hc5.utls.http.TestClient.Exchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.nio.AsyncEntityConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicClientExchangeHandler;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The peer keeps to our windows by the letter, and sees to it that we keep to its own. */
@Timeout(120)
class FlowControlTest {

    private static final int STREAM_WINDOW = 4 << 20;
    private static final int CONNECTION_WINDOW = 16 << 20;

    private final TestClient client = TestClient.ours();

    @AfterEach
    void close() {
        client.close();
    }

    /** Sends bodies round robin, each byte only where the windows allow it. */
    private static void sendBodies(Connection connection, int[] streams, long each) throws IOException {
        Map<Integer, Long> windows = new HashMap<>();
        Map<Integer, Long> left = new HashMap<>();
        windows.put(0, (long) CONNECTION_WINDOW);
        for (int stream : streams) {
            windows.put(stream, (long) STREAM_WINDOW);
            left.put(stream, each);
        }
        byte[] chunk = new byte[16_384];
        while (!left.isEmpty()) {
            boolean sent = false;
            for (int stream : streams) {
                long allowed = Math.min(windows.getOrDefault(0, 0L), windows.getOrDefault(stream, 0L));
                if (!left.containsKey(stream) || allowed < chunk.length) {
                    continue;
                }
                long rest = left.getOrDefault(stream, 0L) - chunk.length;
                connection.send(H2Frames.DATA, rest == 0 ? H2Frames.END_STREAM : 0, stream, chunk);
                windows.merge(0, -(long) chunk.length, Long::sum);
                windows.merge(stream, -(long) chunk.length, Long::sum);
                left.put(stream, rest);
                if (rest == 0) {
                    left.remove(stream);
                }
                sent = true;
            }
            while (connection.hasInput() || (!sent && !left.isEmpty())) {
                Frame frame = connection.read();
                if (frame.type() == H2Frames.WINDOW_UPDATE) {
                    windows.merge(frame.streamId(), (long) frame.int32(0), Long::sum);
                    sent = true;
                }
            }
        }
    }

    @Test
    void downloadLargerThanEveryWindowDoesNotStall() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            connection.headers(stream, false, ":status", "200");
            sendBodies(connection, new int[] {stream}, 64 << 20);
            connection.readToEnd();
        })) {
            CompletableFuture<Long> size = download(client.connect(peer), new Counting(Integer.MAX_VALUE));
            assertThat(size.get(60, TimeUnit.SECONDS)).isEqualTo(64 << 20);
        }
    }

    /** As Chromium 156 did before a server that answers every two seconds; Firefox gives nothing back so early. */
    @ParameterizedTest
    @CsvSource({"chrome-156, '4:4006 7:3015'", "firefox-153, ''"})
    void littleIsGivenBackAfterFiveSeconds(String profile, String expected) throws Exception {
        ManualTimer timer = new ManualTimer();
        UtlsEventHandlerFactory factory = UtlsEventHandlerFactory.builder()
                .setFingerprintPolicy(FingerprintPolicy.fixed(BrowserProfiles.find(profile)))
                .setTimer(timer)
                .build();
        List<String> updates = new ArrayList<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.read(H2Frames.WINDOW_UPDATE);
            for (int i = 0; i < 7; i++) {
                int answered = i + 1;
                int stream = connection.request();
                connection.headers(stream, false, ":status", "200");
                connection.send(H2Frames.DATA, 0, stream, new byte[1000 + i]);
                connection.ping().stream()
                        .filter(frame -> frame.type() == H2Frames.WINDOW_UPDATE && frame.streamId() == 0)
                        .forEach(frame -> updates.add(answered + ":" + frame.int32(0)));
                while (connection.hasInput()) {
                    connection.read();
                }
                connection.send(H2Frames.DATA, H2Frames.END_STREAM, stream);
            }
        })) {
            try (TestClient browser = new TestClient(factory)) {
                IOSession session = browser.connect(peer);
                for (int i = 0; i < 7; i++) {
                    assertThat(browser.get(session, "/" + i).body()).hasSize(1000 + i);
                    timer.advance(Duration.ofSeconds(2));
                }
                peer.await();
            }
        }
        assertThat(String.join(" ", updates)).isEqualTo(expected);
    }

    @Test
    void parallelDownloadsDoNotStallOneAnother() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int[] streams = new int[8];
            for (int i = 0; i < streams.length; i++) {
                streams[i] = connection.request();
                connection.headers(streams[i], false, ":status", "200");
            }
            sendBodies(connection, streams, 8 << 20);
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            List<CompletableFuture<Long>> sizes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sizes.add(download(session, new Counting(100_000)));
            }
            for (CompletableFuture<Long> size : sizes) {
                assertThat(size.get(60, TimeUnit.SECONDS)).isEqualTo(8 << 20);
            }
        }
    }

    @Test
    void readerThatStopsHoldsUpItsOwnStreamOnly() throws Exception {
        Counting stopped = new Counting(0);
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int held = connection.request();
            connection.headers(held, false, ":status", "200");
            byte[] chunk = new byte[16_384];
            for (int sent = 0; sent < STREAM_WINDOW; sent += chunk.length) {
                connection.send(H2Frames.DATA, 0, held, chunk);
            }
            assertThat(connection.ping()).noneMatch(frame -> frame.streamId() == held);
            int free = connection.request();
            connection.headers(free, false, ":status", "200");
            sendBodies(connection, new int[] {free}, 32 << 20);
            stopped.resume(STREAM_WINDOW);
            Frame update = connection.read(H2Frames.WINDOW_UPDATE);
            while (update.streamId() != held) {
                update = connection.read(H2Frames.WINDOW_UPDATE);
            }
            connection.send(H2Frames.DATA, H2Frames.END_STREAM, held, new byte[1]);
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            CompletableFuture<Long> held = download(session, stopped);
            CompletableFuture<Long> free = download(session, new Counting(Integer.MAX_VALUE));
            assertThat(free.get(60, TimeUnit.SECONDS)).isEqualTo(32 << 20);
            assertThat(held.get(60, TimeUnit.SECONDS)).isEqualTo(STREAM_WINDOW + 1);
        }
    }

    @Test
    void uploadKeepsToThePeersWindowsAndEndsOnItsLastFrame() throws Exception {
        int size = 300_000;
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            int received = 0;
            int window = 65_535;
            Frame frame = connection.read(H2Frames.DATA);
            while (true) {
                received += frame.payload().length;
                window -= frame.payload().length;
                assertThat(window).isNotNegative();
                if (frame.has(H2Frames.END_STREAM)) {
                    break;
                }
                if (window == 0) {
                    connection.int32(H2Frames.WINDOW_UPDATE, 0, 30_000);
                    connection.int32(H2Frames.WINDOW_UPDATE, stream, 30_000);
                    window += 30_000;
                }
                frame = connection.read(H2Frames.DATA);
            }
            assertThat(frame.payload()).isNotEmpty();
            connection.respond(stream, Integer.toString(received));
            connection.readToEnd();
        })) {
            assertThat(upload(client.connect(peer), new byte[size]).body()).isEqualTo("300000");
        }
    }

    @Test
    void smallerAndLargerInitialWindowsApplyToRunningUploads() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake(4, 1000);
            connection.ping();
            int stream = connection.request();
            int received = connection.read(H2Frames.DATA).payload().length;
            assertThat(received).isEqualTo(1000);
            connection.settings(4, 400);
            connection.ping();
            connection.int32(H2Frames.WINDOW_UPDATE, stream, 600);
            assertThat(connection.ping()).noneMatch(frame -> frame.type() == H2Frames.DATA);
            connection.settings(4, 1600);
            Frame frame = connection.read(H2Frames.DATA);
            assertThat(frame.payload()).hasSize(1200);
            connection.int32(H2Frames.WINDOW_UPDATE, stream, 10_000);
            frame = connection.read(H2Frames.DATA);
            assertThat(frame.payload()).hasSize(2800);
            assertThat(frame.has(H2Frames.END_STREAM)).isTrue();
            connection.respond(stream, "all");
            connection.readToEnd();
        })) {
            RecordingOwner owner = new RecordingOwner(HttpVersionPolicy.FORCE_HTTP_2);
            IOSession session = client.connect(peer.address(), owner);
            owner.await("concurrency " + Integer.MAX_VALUE);
            assertThat(upload(session, new byte[5000]).body()).isEqualTo("all");
        }
    }

    private Exchange upload(IOSession session, byte[] body) {
        return client.execute(
                session,
                TestClient.upload(
                        "POST", "/", new BasicAsyncEntityProducer(body, ContentType.APPLICATION_OCTET_STREAM)),
                HttpCoreContext.create());
    }

    private CompletableFuture<Long> download(IOSession session, AsyncEntityConsumer<Long> consumer) {
        CompletableFuture<Message<HttpResponse, Long>> future = new CompletableFuture<>();
        session.enqueue(
                new RequestExecutionCommand(
                        new BasicClientExchangeHandler<>(
                                TestClient.request("GET", "/").build(),
                                new BasicResponseConsumer<>(consumer),
                                TestClient.callback(future)),
                        HttpCoreContext.create()),
                Command.Priority.NORMAL);
        return future.thenApply(Message::getBody);
    }

    /** Counts bytes, and asks for more in portions; with portions of 0 it waits to be told. */
    private static final class Counting implements AsyncEntityConsumer<Long> {

        private final int portion;
        private final CompletableFuture<CapacityChannel> asked = new CompletableFuture<>();
        private final CompletableFuture<FutureCallback<Long>> result = new CompletableFuture<>();
        private final AtomicLong count = new AtomicLong();

        Counting(int portion) {
            this.portion = portion;
        }

        void resume(int bytes) throws Exception {
            asked.get(10, TimeUnit.SECONDS).update(bytes);
        }

        @Override
        public void streamStart(EntityDetails entity, FutureCallback<Long> callback) {
            result.complete(callback);
        }

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            asked.complete(channel);
            if (portion > 0) {
                channel.update(portion);
            }
        }

        @Override
        public void consume(ByteBuffer src) {
            count.addAndGet(src.remaining());
            src.position(src.limit());
        }

        @Override
        public void streamEnd(List<? extends Header> trailers) {
            result.join().completed(count.get());
        }

        @Override
        public void failed(Exception cause) {}

        @Override
        public Long getContent() {
            return count.get();
        }

        @Override
        public void releaseResources() {}
    }
}
