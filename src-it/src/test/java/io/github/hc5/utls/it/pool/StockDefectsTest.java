package io.github.hc5.utls.it.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2UnknownFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2ResetFrame;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The defects of HttpClient's stock connection manager and stack, each shown on the stock one, so that it is known when
 * one is mended there, and shown not to be ours. {@link Manager#hasDefects} says which outcome is expected.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome shows elsewhere
class StockDefectsTest {

    enum Manager {
        STOCK(true),
        HOT(false);

        final boolean hasDefects;

        Manager(boolean hasDefects) {
            this.hasDefects = hasDefects;
        }

        AsyncClientConnectionManager create() throws Exception {
            return this == STOCK
                    ? Clients.stock()
                            .setMessageMultiplexing(true)
                            .setMaxConnPerRoute(1)
                            .build()
                    : Clients.hot().build();
        }
    }

    /** Answers by the path of the request; keeps those to {@code /hold} until the test lets go. */
    private static final class Script extends Answers {
        static final String SILENT = "/silent";

        private final List<Runnable> held;
        private final Map<Integer, String> seen;
        private final List<Integer> resets;

        Script(List<Runnable> held, Map<Integer, String> seen, List<Integer> resets) {
            this.held = held;
            this.seen = seen;
            this.resets = resets;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2ResetFrame reset) {
                resets.add(reset.stream().id());
            }
            super.channelRead(context, message);
        }

        @Override
        void request(ChannelHandlerContext context, Http2FrameStream stream, String path) {
            seen.put(stream.id(), path);
            switch (path) {
                case "/unknown-frame" -> {
                    // ALTSVC (RFC 7838), which a client that does not know it must ignore (RFC 9113 section 4.1)
                    context.write(new DefaultHttp2UnknownFrame(
                                    (byte) 0x0a, new Http2Flags(), Unpooled.wrappedBuffer(new byte[] {0, 0, 'h', '2'}))
                            .stream(stream));
                    ok(context, stream);
                }
                case "/goaway" -> {
                    // last stream id 0: nothing was or will be processed
                    byte[] frame = {0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
                    context.pipeline().context(FrameServer.RAW).writeAndFlush(Unpooled.wrappedBuffer(frame));
                }
                case "/reset" -> {
                    context.write(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR).stream(stream));
                    context.flush();
                }
                case SILENT -> context.flush();
                case "/hold" -> held.add(() -> context.executor().execute(() -> ok(context, stream)));
                default -> ok(context, stream);
            }
        }
    }

    private final List<Runnable> held = new CopyOnWriteArrayList<>();
    private final Map<Integer, String> seen = new ConcurrentHashMap<>();
    private final List<Integer> resets = new CopyOnWriteArrayList<>();

    private interface Body {
        void run(FrameServer server, CloseableHttpAsyncClient client, boolean defects) throws Exception;
    }

    private void with(Manager manager, Body body) throws Exception {
        try (FrameServer server = FrameServer.http2(() -> new Script(held, seen, resets))) {
            CloseableHttpAsyncClient client = Clients.start(manager.create());
            try {
                body.run(server, client, manager.hasDefects);
            } finally {
                client.close(CloseMode.IMMEDIATE);
            }
        }
    }

    private static Future<SimpleHttpResponse> get(CloseableHttpAsyncClient client, String uri) {
        return client.execute(SimpleHttpRequest.create("GET", uri), null);
    }

    private static SimpleHttpResponse result(Future<SimpleHttpResponse> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    /** Why it failed, {@code null} if it succeeded; a {@link TimeoutException} if it hangs. */
    private static @Nullable Throwable failure(Future<SimpleHttpResponse> future, int millis) throws Exception {
        try {
            future.get(millis, TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            return e;
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownFrameIsIgnored(Manager manager) throws Exception {
        with(manager, (server, client, defects) -> {
            Throwable failure = failure(get(client, server.uri("/unknown-frame")), 20_000);
            if (defects) {
                assertThat(failure).isInstanceOf(NullPointerException.class);
            } else {
                assertThat(failure).isNull();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aRequestRefusedByGoAwayFailsAsSafeToRepeat(Manager manager) throws Exception {
        with(manager, (server, client, defects) -> {
            Future<SimpleHttpResponse> refused = get(client, server.uri("/goaway"));
            if (defects) {
                assertThat(failure(refused, 1_000)).isInstanceOf(TimeoutException.class);
            } else {
                assertThat(failure(refused, 20_000)).isInstanceOf(RequestNotExecutedException.class);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void theResponseTimeoutHolds(Manager manager) throws Exception {
        with(manager, (server, client, defects) -> {
            result(get(client, server.uri("/")));
            SimpleHttpRequest request = SimpleHttpRequest.create("GET", server.uri(Script.SILENT));
            request.setConfig(RequestConfig.custom()
                    .setResponseTimeout(Timeout.ofMilliseconds(200))
                    .build());
            Future<SimpleHttpResponse> silent = client.execute(request, null);
            if (defects) {
                assertThat(failure(silent, 2_000)).isInstanceOf(TimeoutException.class);
            } else {
                assertThat(failure(silent, 20_000)).isInstanceOf(SocketTimeoutException.class);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void oneExchangeThatFailsSparesTheOthers(Manager manager) throws Exception {
        with(manager, (server, client, defects) -> {
            result(get(client, server.uri("/")));
            Future<SimpleHttpResponse> other = get(client, server.uri("/hold"));
            Await.until("it is held", () -> held.size() == 1);
            assertThat(failure(get(client, server.uri("/reset")), 20_000)).isInstanceOf(H2StreamResetException.class);
            if (defects) {
                assertThat(failure(other, 20_000))
                        .as("the connection was closed with the exchange")
                        .isNotNull()
                        .isNotInstanceOf(TimeoutException.class);
            } else {
                held.forEach(Runnable::run);
                assertThat(failure(other, 20_000)).isNull();
                assertThat(server.accepted()).isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void cancellingOneExchangeResetsItsStreamAlone(Manager manager) throws Exception {
        with(manager, (server, client, defects) -> {
            Future<SimpleHttpResponse> opener = get(client, server.uri("/hold"));
            Await.until("the opener is held", () -> held.size() == 1);
            // waits for its lease on the stock pool: the stock client forgets to pass on the end of one that does not
            Future<SimpleHttpResponse> cancelled = get(client, server.uri("/hold"));
            held.get(0).run();
            result(opener);
            Await.until("the one to be cancelled is held", () -> held.size() == 2);
            Future<SimpleHttpResponse> other = get(client, server.uri("/hold"));
            Await.until("the other is held", () -> held.size() == 3);

            cancelled.cancel(true);

            if (defects) {
                assertThat(failure(other, 20_000))
                        .as("the connection was closed with the exchange")
                        .isNotNull()
                        .isNotInstanceOf(TimeoutException.class);
                return;
            }
            Await.until("the server has been told", () -> resets.size() == 1);
            held.get(2).run();
            assertThat(failure(other, 20_000)).isNull();
            assertThat(server.accepted()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void requestsToAColdHostDoNotQueueBehindOneAnother(Manager manager) throws Exception {
        with(manager, (server, client, defects) -> {
            for (int i = 0; i < 5; i++) {
                get(client, server.uri("/hold"));
            }
            if (defects) {
                Await.until("one is held", () -> !held.isEmpty());
                Future<SimpleHttpResponse> another = get(client, server.uri("/"));
                assertThat(failure(another, 1_000)).isInstanceOf(TimeoutException.class);
            } else {
                Await.until("all are held at once", () -> held.size() == 5);
                assertThat(server.accepted()).isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void requestsGoOutInTheirOrder(Manager manager) throws Exception {
        with(manager, (server, client, defects) -> {
            result(get(client, server.uri("/first")));
            List<Future<SimpleHttpResponse>> futures = new CopyOnWriteArrayList<>();
            CountDownLatch begun = new CountDownLatch(1);
            // begun on the I/O thread, which therefore cannot send any before all are queued
            client.execute(
                    SimpleHttpRequest.create("GET", server.uri("/second")), new FutureCallback<SimpleHttpResponse>() {
                        @Override
                        public void completed(SimpleHttpResponse response) {
                            for (int i = 0; i < 5; i++) {
                                futures.add(get(client, server.uri("/order/" + i)));
                            }
                            begun.countDown();
                        }

                        @Override
                        public void failed(Exception cause) {}

                        @Override
                        public void cancelled() {}
                    });
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            for (Future<SimpleHttpResponse> future : futures) {
                result(future);
            }
            List<String> paths = seen.entrySet().stream()
                    .filter(e -> e.getValue().startsWith("/order/"))
                    .sorted(Map.Entry.comparingByKey())
                    .map(Map.Entry::getValue)
                    .toList();
            if (defects) {
                assertThat(paths).as("last in, first out").startsWith("/order/4");
            } else {
                assertThat(paths).containsExactly("/order/0", "/order/1", "/order/2", "/order/3", "/order/4");
            }
        });
    }
}
