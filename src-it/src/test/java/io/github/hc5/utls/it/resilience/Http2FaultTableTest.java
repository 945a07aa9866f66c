package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.it.pool.Clients;
import io.github.hc5.utls.it.pool.FrameServer;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.RetriesExhaustedException;
import io.github.hc5.utls.resilience.TimeoutSettings;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The faults that only HTTP/2 has: what becomes of a GET and of a POST. */
@Timeout(60)
class Http2FaultTableTest {

    enum StreamFault {
        /** RST_STREAM says that the request was not taken up. */
        REFUSED_STREAM,
        /** GOAWAY says that no stream was taken up, while ours is open. */
        GOAWAY_BELOW,
        /** GOAWAY covers our stream, which is answered. */
        GOAWAY_ABOVE,
        INTERNAL_ERROR,
        RESET_IN_BODY,
        /** The same with no Content-Length. */
        RESET_IN_STREAM,
        /** Ended in good order, with half of what Content-Length says (RFC 9113 section 8.1.1). */
        WRONG_LENGTH,
        CLOSED,
        STALLED
    }

    private static final byte[] GOAWAY_OF_NONE = {0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private final Deque<StreamFault> script = new ConcurrentLinkedDeque<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final JumpingTime time = new JumpingTime();

    @SuppressWarnings("FutureReturnValueIgnored") // the outcome of a write shows at the client
    private final class Scripted extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof Http2HeadersFrame headers && headers.isEndStream()) {
                    requested(context, headers.stream());
                } else if (message instanceof Http2DataFrame data && data.isEndStream()) {
                    requested(context, data.stream());
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void requested(ChannelHandlerContext context, Http2FrameStream stream) {
            requests.incrementAndGet();
            StreamFault fault = script.poll();
            if (fault == null) {
                answer(context, stream, "hello", true, false);
                return;
            }
            switch (fault) {
                case REFUSED_STREAM ->
                    context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM).stream(stream));
                case INTERNAL_ERROR ->
                    context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR).stream(stream));
                case GOAWAY_BELOW ->
                    context.pipeline().context(FrameServer.RAW).writeAndFlush(Unpooled.copiedBuffer(GOAWAY_OF_NONE));
                case GOAWAY_ABOVE -> {
                    context.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
                    answer(context, stream, "hello", true, true);
                }
                case RESET_IN_BODY, RESET_IN_STREAM -> {
                    answer(context, stream, "hel", false, fault == StreamFault.RESET_IN_BODY);
                    context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR).stream(stream));
                }
                case WRONG_LENGTH -> answer(context, stream, "hel", true, true);
                case CLOSED -> context.close();
                case STALLED -> context.flush();
            }
        }

        private void answer(
                ChannelHandlerContext context, Http2FrameStream stream, String text, boolean end, boolean length) {
            Http2Headers head = new DefaultHttp2Headers().status("200");
            if (length) {
                head.setInt("content-length", 5);
            }
            context.write(new DefaultHttp2HeadersFrame(head).stream(stream));
            context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), end)
                    .stream(stream));
        }
    }

    @ParameterizedTest(name = "{0} {1} x {2}: {3} tries, {4}")
    @CsvSource({
        "GET,  REFUSED_STREAM, 2, 3, 200",
        "GET,  REFUSED_STREAM, 9, 3, 0",
        "POST, REFUSED_STREAM, 2, 3, 200",
        "GET,  GOAWAY_BELOW,   2, 3, 200",
        "POST, GOAWAY_BELOW,   2, 3, 200",
        "GET,  GOAWAY_ABOVE,   1, 1, 200",
        "POST, GOAWAY_ABOVE,   1, 1, 200",
        "GET,  INTERNAL_ERROR, 2, 3, 200",
        "POST, INTERNAL_ERROR, 1, 1, 0",
        "GET,  RESET_IN_BODY,  1, 2, 200",
        "POST, RESET_IN_BODY,  1, 1, 0",
        "GET,  RESET_IN_STREAM,2, 3, 200",
        "GET,  WRONG_LENGTH,   2, 3, 200",
        "POST, WRONG_LENGTH,   1, 1, 0",
        "GET,  CLOSED,         2, 3, 200",
        "POST, CLOSED,         1, 1, 0",
        "GET,  STALLED,        1, 2, 200",
        "POST, STALLED,        1, 1, 0",
    })
    void streamsAreTriedAsTheTableSays(String method, StreamFault fault, int times, int tries, int status)
            throws Exception {
        try (FrameServer server = FrameServer.http2(Scripted::new);
                HotConnectionManager manager = Clients.hot().build()) {
            for (int i = 0; i < times; i++) {
                script.add(fault);
            }
            Resilience resilience = World.resilience(manager)
                    .scheduler(time)
                    .timeouts(TimeoutSettings.builder()
                            .response(Duration.ofMillis(300))
                            .build())
                    .build();
            long start = time.nanoTime();
            SimpleRequestBuilder request = SimpleRequestBuilder.create(method).setUri(server.uri("/"));
            if (method.equals("POST")) {
                request.setBody("x", ContentType.TEXT_PLAIN);
            }
            int answered = 0;
            Throwable failure = null;
            try (CloseableHttpAsyncClient client = World.client(manager, resilience)) {
                answered = status(client, request.build());
            } catch (ExecutionException e) {
                failure = e.getCause();
            }

            assertThat(answered).as("%s", failure).isEqualTo(status);
            assertThat(requests).hasValue(tries);
            assertThat(time.waits.stream().mapToLong(w -> w).sum())
                    .as("100 ms at most before the second try, doubled before each further one")
                    .isLessThanOrEqualTo(100L * ((1 << (tries - 1)) - 1));
            if (fault == StreamFault.GOAWAY_BELOW || fault == StreamFault.CLOSED) {
                assertThat(server.accepted()).as("connections").isEqualTo(tries);
            }
            assertThat(time.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
            if (status == 0 && tries > 1) {
                assertThat(failure).isInstanceOf(RetriesExhaustedException.class);
                assertThat(((RetriesExhaustedException) failure).attempts()).isEqualTo(tries);
            }
            System.out.printf(
                    "| %s %s x %d | %d tries | waits %s ms | %d connections | %s | %d ms |%n",
                    method,
                    fault,
                    times,
                    tries,
                    time.waits,
                    server.accepted(),
                    failure == null
                            ? String.valueOf(answered)
                            : failure.getClass().getSimpleName(),
                    (time.nanoTime() - start) / 1_000_000);
        }
    }

    private static int status(CloseableHttpAsyncClient client, SimpleHttpRequest request) throws Exception {
        SimpleHttpResponse response = client.execute(request, null).get(50, TimeUnit.SECONDS);
        assertThat(response.getBodyText()).isEqualTo("hello");
        return response.getCode();
    }
}
