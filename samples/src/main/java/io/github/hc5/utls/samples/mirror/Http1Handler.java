package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one HTTP/1.1 connection, one after another: while an answer is on its way, pipelined requests
 * wait and nothing more is read from the socket.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails when the connection closes, which ends the answer
final class Http1Handler extends ChannelInboundHandlerAdapter {

    private static final int BAD_REQUEST = 400;

    private final ConnectionRecorder recorder;
    private final ArrayDeque<HttpObject> waiting = new ArrayDeque<>();
    private @Nullable HttpRequest request;
    private RequestBody body = new RequestBody(false);
    private @Nullable Responder responder;

    Http1Handler(ConnectionRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof HttpObject part)) {
            ReferenceCountUtil.release(message);
        } else if (responder != null) {
            waiting.add(part);
        } else {
            accept(ctx, part);
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
    public void channelInactive(ChannelHandlerContext ctx) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        ctx.fireChannelInactive();
    }

    private void accept(ChannelHandlerContext ctx, HttpObject part) {
        try {
            if (part.decoderResult().isFailure()) {
                refuse(ctx, part.decoderResult().cause());
                return;
            }
            if (part instanceof HttpRequest head) {
                request = head;
                body = new RequestBody(Routes.wantsBody(head.uri()));
                if (HttpUtil.is100ContinueExpected(head)) {
                    ctx.writeAndFlush(new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
                }
            }
            if (part instanceof HttpContent content) {
                body.add(content.content());
            }
            if (part instanceof LastHttpContent && request != null) {
                answer(ctx, request);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest head) {
        List<List<String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> field : head.headers()) {
            headers.add(List.of(field.getKey(), field.getValue()));
        }
        MirrorRequest complete = new MirrorRequest(
                recorder.request(),
                head.method().name(),
                head.uri(),
                List.of(),
                headers,
                body.bytes(),
                body.length(),
                body.isTooLong());
        request = null;
        body = new RequestBody(false);
        respond(ctx, Routes.answer(complete, recorder), complete.method(), HttpUtil.isKeepAlive(head));
    }

    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        String reason = FailureRecorder.describe(cause);
        recorder.failed("HTTP/1.1: " + reason);
        respond(ctx, Answer.json(BAD_REQUEST, Map.of("error", reason)), "GET", false);
    }

    private void respond(ChannelHandlerContext ctx, Answer answer, String method, boolean keepAlive) {
        ctx.channel().config().setAutoRead(false);
        Runnable onComplete = keepAlive ? () -> next(ctx) : () -> close(ctx);
        Responder current = new Responder(ctx, new Writer(ctx, keepAlive), answer, method, onComplete);
        responder = current;
        current.start();
    }

    private void next(ChannelHandlerContext ctx) {
        responder = null;
        while (responder == null && !waiting.isEmpty()) {
            accept(ctx, waiting.remove());
        }
        if (responder == null) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    /** Closes after what has been written. */
    private static void close(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private record Writer(ChannelHandlerContext ctx, boolean keepAlive) implements ResponseWriter {

        @Override
        public void head(int status, List<List<String>> headers, boolean last) {
            HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
            headers.forEach(field -> response.headers().add(field.get(0), field.get(1)));
            if (!keepAlive) {
                response.headers().set("connection", "close");
            }
            ctx.write(response);
            if (last) {
                ctx.write(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        }

        @Override
        public void content(ByteBuf piece, boolean last) {
            ctx.write(last ? new DefaultLastHttpContent(piece) : new DefaultHttpContent(piece));
        }
    }
}
