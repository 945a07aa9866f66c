package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers the request of one HTTP/2 stream. */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails when the stream closes, which ends the answer
final class Http2Handler extends ChannelInboundHandlerAdapter {

    private static final String CONTINUE = "100";

    private final ConnectionRecorder recorder;
    private @Nullable Http2Headers request;
    private RequestBody body = new RequestBody(false);
    private @Nullable Responder responder;

    Http2Handler(ConnectionRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            boolean last = false;
            if (message instanceof Http2HeadersFrame headers) {
                last = headers.isEndStream();
                if (request == null) { // otherwise these are trailers
                    start(ctx, headers.headers(), last);
                }
            } else if (message instanceof Http2DataFrame data) {
                last = data.isEndStream();
                body.add(data.content());
            }
            if (last && request != null && responder == null) {
                answer(ctx, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (responder != null) {
            responder.resume();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // resets the stream, the connection goes on
    }

    private void start(ChannelHandlerContext ctx, Http2Headers headers, boolean last) {
        request = headers;
        body = new RequestBody(Routes.wantsBody(text(headers.path())));
        if (!last && "100-continue".contentEquals(text(headers.get("expect")))) {
            ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(CONTINUE)));
        }
    }

    private void answer(ChannelHandlerContext ctx, Http2Headers head) {
        List<String> pseudo = new ArrayList<>();
        List<List<String>> headers = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            String name = field.getKey().toString();
            if (name.startsWith(":")) {
                pseudo.add(name);
            } else {
                headers.add(List.of(name, field.getValue().toString()));
            }
        }
        MirrorRequest complete = new MirrorRequest(
                recorder.request(),
                text(head.method()),
                text(head.path()),
                pseudo,
                headers,
                body.bytes(),
                body.length(),
                body.isTooLong());
        Answer answer = Routes.answer(complete, recorder);
        Responder current = new Responder(ctx, new Writer(ctx), answer, complete.method(), () -> {});
        responder = current;
        current.start();
    }

    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }

    private record Writer(ChannelHandlerContext ctx) implements ResponseWriter {

        @Override
        public void head(int status, List<List<String>> headers, boolean last) {
            Http2Headers response = new DefaultHttp2Headers().status(String.valueOf(status));
            headers.forEach(field -> response.add(field.get(0), field.get(1)));
            ctx.write(new DefaultHttp2HeadersFrame(response, last));
        }

        @Override
        public void content(ByteBuf piece, boolean last) {
            ctx.write(new DefaultHttp2DataFrame(piece, last));
        }
    }
}
