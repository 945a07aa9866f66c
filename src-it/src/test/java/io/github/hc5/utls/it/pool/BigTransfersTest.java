package io.github.hc5.utls.it.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.entity.AbstractBinAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Large bodies under flow control over one HTTP/2 connection: no stall, and memory that does not grow with the body. */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome shows elsewhere
class BigTransfersTest {

    private static final long SIZE = (long) Scale.of(48, 1024) << 20;

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

    /** So many zero bytes, made when they are wanted. */
    private static final class Zeros implements AsyncEntityProducer {

        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void failed(Exception cause) {}

        @Override
        public int available() {
            return (int) Math.min(left, 1 << 20);
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            int written;
            do {
                written = left == 0 ? 0 : channel.write(ByteBuffer.allocate((int) Math.min(left, 64 << 10)));
                left -= written;
            } while (written > 0);
            if (left == 0) {
                channel.endStream();
            }
        }

        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public String getContentType() {
            return ContentType.APPLICATION_OCTET_STREAM.toString();
        }

        @Override
        public @Nullable String getContentEncoding() {
            return null;
        }

        @Override
        public boolean isChunked() {
            return true;
        }

        @Override
        public Set<String> getTrailerNames() {
            return Set.of();
        }

        @Override
        public void releaseResources() {}
    }

    /** Counts bytes and keeps none. */
    private static final class Count extends AbstractBinAsyncEntityConsumer<Long> {

        private long bytes;

        @Override
        protected void streamStart(ContentType contentType) {}

        @Override
        protected Long generateContent() {
            return bytes;
        }

        @Override
        protected int capacityIncrement() {
            return Integer.MAX_VALUE;
        }

        @Override
        protected void data(ByteBuffer src, boolean endOfStream) {
            bytes += src.remaining();
            src.position(src.limit());
        }

        @Override
        public void releaseResources() {}
    }

    private interface Body {
        void run(FrameServer server, CloseableHttpAsyncClient client) throws Exception;
    }

    private final AtomicLong received = new AtomicLong();

    private void with(Body body) throws Exception {
        try (FrameServer server = FrameServer.http2(() -> new Warehouse(received))) {
            HotConnectionManager manager = Clients.hot().build();
            CloseableHttpAsyncClient client = Clients.start(manager);
            try {
                body.run(server, client);
                assertThat(server.accepted()).as("connections").isEqualTo(1);
            } finally {
                client.close(CloseMode.IMMEDIATE);
            }
        }
    }

    private static Future<Message<HttpResponse, Long>> download(
            CloseableHttpAsyncClient client, FrameServer server, long size) {
        return client.execute(
                AsyncRequestBuilder.get(server.uri("/" + size)).build(),
                new BasicResponseConsumer<>(new Count()),
                null);
    }

    @Test
    void oneUpload() throws Exception {
        with((server, client) -> {
            Future<Message<HttpResponse, Long>> upload = client.execute(
                    AsyncRequestBuilder.post(server.uri("/up"))
                            .setEntity(new Zeros(SIZE))
                            .build(),
                    new BasicResponseConsumer<>(new Count()),
                    null);
            assertThat(upload.get(20, TimeUnit.MINUTES).getHead().getCode()).isEqualTo(204);
            assertThat(received).hasValue(SIZE);
        });
    }

    @Test
    void oneDownload() throws Exception {
        with((server, client) -> {
            Runtime runtime = Runtime.getRuntime();
            assertThat(download(client, server, SIZE).get(20, TimeUnit.MINUTES).getBody())
                    .isEqualTo(SIZE);
            System.gc();
            assertThat(runtime.totalMemory() - runtime.freeMemory())
                    .as("memory held after the download")
                    .isLessThan(200L << 20);
        });
    }

    @Test
    void eightDownloadsAtOnce() throws Exception {
        with((server, client) -> {
            List<Future<Message<HttpResponse, Long>>> downloads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                downloads.add(download(client, server, SIZE / 8));
            }
            for (Future<Message<HttpResponse, Long>> download : downloads) {
                assertThat(download.get(20, TimeUnit.MINUTES).getBody()).isEqualTo(SIZE / 8);
            }
        });
    }
}
