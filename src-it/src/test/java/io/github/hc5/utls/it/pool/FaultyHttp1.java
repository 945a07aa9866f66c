package io.github.hc5.utls.it.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Answers most requests, stalls or breaks off others, and closes connections with and without a word. */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome of a write shows at the client
final class FaultyHttp1 extends ChannelInboundHandlerAdapter {

    private final Random random;
    private final BooleanSupplier faulty;

    FaultyHttp1(Random random, BooleanSupplier faulty) {
        this.random = random;
        this.faulty = faulty;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        boolean request = message instanceof FullHttpRequest;
        ReferenceCountUtil.release(message);
        if (request) {
            answer(context);
        }
    }

    private void answer(ChannelHandlerContext context) {
        int die = faulty.getAsBoolean() ? random.nextInt(1000) : 999;
        if (die < 10) {
            // no answer at all
            context.flush();
        } else if (die < 20) {
            context.close();
        } else if (die < 30) {
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, 1000);
            context.writeAndFlush(head);
            context.close();
        } else if (die < 40) {
            context.channel().unsafe().closeForcibly();
        } else {
            ByteBuf body = Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII);
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            if (die < 60) {
                response.headers().set(HttpHeaderNames.CONNECTION, "close");
                context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
            } else if (die < 70) {
                context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
            } else {
                context.writeAndFlush(response);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
