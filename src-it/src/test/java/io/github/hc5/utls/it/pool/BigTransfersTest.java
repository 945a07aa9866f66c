package io.github.hc5.utls.it.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.it.servers.TestPki;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Large bodies under flow control over one HTTP/2 connection: no stall, and memory that does not grow with the body, shown
 * by a heap that has no room for one.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome shows elsewhere
class BigTransfersTest {

    private static final long SIZE = (long) Scale.of(48, 1024) << 20;
    private static final String HEAP = "40m";

    /** Counts what is uploaded, sends what is asked for. */
    private static final class Warehouse extends ChannelInboundHandlerAdapter {

        private final AtomicLong received;

        Warehouse(AtomicLong received) {
            this.received = received;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof Http2HeadersFrame headers && headers.isEndStream()) {
                    long size = Long.parseLong(
                            String.valueOf(headers.headers().path()).substring(1));
                    context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"))
                            .stream(headers.stream()));
                    send(context, headers.stream(), size);
                } else if (message instanceof Http2DataFrame data) {
                    received.addAndGet(data.content().readableBytes());
                    context.write(
                            new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(data.stream()));
                    if (data.isEndStream()) {
                        context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("204"), true)
                                .stream(data.stream()));
                    }
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void send(ChannelHandlerContext context, Http2FrameStream stream, long left) {
            int size = (int) Math.min(left, 64 << 10);
            boolean last = size == left;
            context.writeAndFlush(
                            new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[size]), last).stream(stream))
                    .addListener(done -> {
                        if (done.isSuccess() && !last) {
                            send(context, stream, left - size);
                        }
                    });
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    private static final String PASSWORD = "changeit";

    private final AtomicLong received = new AtomicLong();

    @Test
    void transfersFarLargerThanTheHeap(@TempDir Path directory) throws Exception {
        Path trust = directory.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(trust)) {
            TestPki.SERVERS.trustStore().store(out, PASSWORD.toCharArray());
        }
        try (FrameServer server = FrameServer.http2(() -> new Warehouse(received))) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + HEAP,
                            "-XX:MaxDirectMemorySize=16m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            TransferMain.class.getName(),
                            trust.toString(),
                            PASSWORD,
                            String.valueOf(server.port()),
                            String.valueOf(SIZE))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
            System.out.print(output);

            assertThat(child.exitValue()).as(output).isZero();
            assertThat(output)
                    .contains("up received 0", "down received " + SIZE, "both received " + SIZE)
                    .contains("eight received " + SIZE);
            assertThat(received).hasValue(2 * SIZE);
            assertThat(server.accepted()).as("connections").isEqualTo(1);
        }
    }
}
