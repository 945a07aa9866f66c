package io.github.hc5.utls.it.pool;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a test answers to the requests of one HTTP/2 connection. */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome of a write shows at the client
abstract class Answers extends ChannelInboundHandlerAdapter {

    private final Map<Integer, String> paths = new HashMap<>();

    /** A request has come to its end. */
    abstract void request(ChannelHandlerContext context, Http2FrameStream stream, String path);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof Http2HeadersFrame headers) {
                paths.put(
                        headers.stream().id(), String.valueOf(headers.headers().path()));
                if (headers.isEndStream()) {
                    ended(context, headers.stream());
                }
            } else if (message instanceof Http2DataFrame data && data.isEndStream()) {
                ended(context, data.stream());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void ended(ChannelHandlerContext context, Http2FrameStream stream) {
        request(context, stream, String.valueOf(paths.remove(stream.id())));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    static void head(ChannelHandlerContext context, Http2FrameStream stream) {
        context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")).stream(stream));
    }

    static void body(ChannelHandlerContext context, Http2FrameStream stream, String text, boolean end) {
        context.write(
                new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), end).stream(stream));
    }

    static void ok(ChannelHandlerContext context, Http2FrameStream stream) {
        head(context, stream);
        body(context, stream, "hello", true);
        context.flush();
    }
}
