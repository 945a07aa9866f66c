package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.hc.core5.concurrent.ComplexCancellable;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server does, and whenever requests are cancelled, each request ends exactly once, and is reported once. */
@Timeout(180)
class H2StressTest {

    private static final int THREADS = 4;
    private static final int EACH = 2_500;

    private final AtomicInteger reported = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyRequestEndsOnce(long seed) throws Exception {
        AtomicIntegerArray ends = new AtomicIntegerArray(THREADS * EACH);
        CountDownLatch all = new CountDownLatch(THREADS * EACH);
        AtomicInteger connections = new AtomicInteger();
        try (H2Peer peer = H2Peer.start(connection -> {
                    try {
                        misbehave(connection, new Random(seed + connections.get()));
                    } catch (EOFException | SocketException ex) {
                        // the client has closed
                    }
                });
                TestClient client = TestClient.ours()) {
            Thread[] threads = new Thread[THREADS];
            for (int t = 0; t < THREADS; t++) {
                int first = t * EACH;
                threads[t] = new Thread(
                        () -> run(client, peer, connections, new Random(seed * 31 + first), first, ends, all));
                threads[t].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(all.await(60, TimeUnit.SECONDS))
                    .as("%d requests have not ended", all.getCount())
                    .isTrue();
        }
        for (int i = 0; i < ends.length(); i++) {
            assertThat(ends.get(i)).as("ends of request %d", i).isEqualTo(1);
        }
        assertThat(reported.get()).isLessThanOrEqualTo(THREADS * EACH);
    }

    private void run(
            TestClient client,
            H2Peer peer,
            AtomicInteger connections,
            Random random,
            int first,
            AtomicIntegerArray ends,
            CountDownLatch all) {
        try {
            IOSession session = null;
            Owner owner = new Owner();
            CountDownLatch window = new CountDownLatch(0);
            for (int i = 0; i < EACH; i++) {
                if (session == null || !session.isOpen() || owner.drains) {
                    connections.incrementAndGet();
                    owner = new Owner();
                    session = client.connect(peer.address(), owner);
                }
                if (i % 64 == 0) {
                    window.await(20, TimeUnit.SECONDS);
                    window = new CountDownLatch(Math.min(64, EACH - i));
                }
                ComplexCancellable cancellable = new ComplexCancellable();
                AsyncRequestProducer request = random.nextInt(4) == 0
                        ? TestClient.upload(
                                "POST",
                                "/" + i,
                                new BasicAsyncEntityProducer(
                                        new byte[random.nextInt(100_000)], ContentType.APPLICATION_OCTET_STREAM))
                        : TestClient.request("GET", "/" + i).build();
                Once handler = new Once(request, first + i, ends, all, window);
                session.enqueue(
                        new RequestExecutionCommand(handler, null, cancellable, HttpCoreContext.create()),
                        Command.Priority.NORMAL);
                if (random.nextInt(10) == 0) {
                    cancellable.cancel();
                }
            }
        } catch (Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Answers, resets, goes away, closes, sends what nobody asked for; always within the protocol. */
    private static void misbehave(H2Peer.Connection connection, Random random) throws Exception {
        connection.handshake(3, 1 + random.nextInt(50), 4, random.nextInt(100_000));
        Set<Integer> open = new HashSet<>();
        int last = 0;
        while (true) {
            if (open.isEmpty() || connection.hasInput()) {
                H2Peer.Frame frame = connection.read();
                if (frame.type() == H2Frames.HEADERS) {
                    connection.decode(frame);
                    last = frame.streamId();
                    open.add(last);
                    if (!frame.has(H2Frames.END_STREAM)) {
                        connection.int32(H2Frames.WINDOW_UPDATE, last, 200_000);
                    }
                } else if (frame.type() == H2Frames.GOAWAY) {
                    assertThat(frame.int32(4))
                            .as("error of the client's GOAWAY")
                            .isZero();
                } else if (frame.type() == H2Frames.RST_STREAM) {
                    open.remove(frame.streamId());
                } else if (frame.type() == H2Frames.DATA && frame.payload().length > 0) {
                    connection.int32(H2Frames.WINDOW_UPDATE, 0, frame.payload().length);
                }
                continue;
            }
            int stream = open.iterator().next();
            int choice = random.nextInt(500);
            if (choice == 0) {
                return;
            } else if (choice < 3) {
                connection.goAway(random.nextBoolean() ? last : stream, H2Error.NO_ERROR);
                for (int accepted : open) {
                    if (accepted <= stream) {
                        connection.respond(accepted, "last words");
                    }
                }
                return;
            } else if (choice < 20) {
                connection.reset(stream, choice < 10 ? H2Error.INTERNAL_ERROR : H2Error.REFUSED_STREAM);
                open.remove(stream);
            } else if (choice < 40) {
                connection.settings(4, random.nextInt(200_000), 1, random.nextInt(5000));
            } else if (choice < 60) {
                connection.send(0xFA, 0, stream, new byte[random.nextInt(50)]);
            } else if (choice < 80) {
                connection.headers(stream, false, ":status", "103", "x-n", Integer.toString(random.nextInt()));
            } else if (choice < 100) {
                connection.send(H2Frames.PING, 0, 0, new byte[8]);
            } else {
                connection.headers(stream, false, ":status", "200", "x-n", Integer.toString(random.nextInt(30)));
                connection.send(H2Frames.DATA, H2Frames.END_STREAM, stream, new byte[random.nextInt(5000)]);
                open.remove(stream);
            }
        }
    }

    private final class Owner implements ConnectionEvents {
        private volatile boolean drains;

        @Override
        public HttpVersionPolicy versionPolicy() {
            return HttpVersionPolicy.FORCE_HTTP_2;
        }

        @Override
        public void protocolStarted(ProtocolVersion version, int maxExchanges) {}

        @Override
        public void concurrencyChanged(int maxExchanges) {}

        @Override
        public void draining() {
            drains = true;
        }

        @Override
        public void exchangeEnded(@Nullable Exception cause) {
            reported.incrementAndGet();
        }

        @Override
        public void pingAnswered(long roundTripNanos) {}

        @Override
        public void ended(@Nullable Exception cause) {}
    }

    /** Counts its ends. */
    private static final class Once implements AsyncClientExchangeHandler {

        private final AsyncRequestProducer request;
        private final int number;
        private final AtomicIntegerArray ends;
        private final CountDownLatch all;
        private final CountDownLatch window;

        Once(
                AsyncRequestProducer request,
                int number,
                AtomicIntegerArray ends,
                CountDownLatch all,
                CountDownLatch window) {
            this.request = request;
            this.number = number;
            this.ends = ends;
            this.all = all;
            this.window = window;
        }

        @Override
        public void releaseResources() {
            ends.incrementAndGet(number);
            all.countDown();
            window.countDown();
        }

        @Override
        public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
            request.sendRequest(channel, context);
        }

        @Override
        public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {}

        @Override
        public void consumeInformation(HttpResponse response, HttpContext context) {}

        @Override
        public void cancel() {}

        @Override
        public int available() {
            return request.available();
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            request.produce(channel);
        }

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            channel.update(Integer.MAX_VALUE);
        }

        @Override
        public void consume(ByteBuffer src) {
            src.position(src.limit());
        }

        @Override
        public void streamEnd(@Nullable List<? extends Header> trailers) {}

        @Override
        public void failed(Exception cause) {}
    }
}
