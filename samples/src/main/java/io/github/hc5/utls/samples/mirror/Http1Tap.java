package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Stands behind the TLS handler of an HTTP/1.1 connection and records the request heads as they came. */
final class Http1Tap extends ChannelInboundHandlerAdapter {

    private final Http1HeadReader heads;
    private boolean recording = true;

    Http1Tap(ConnectionRecorder recorder) {
        heads = new Http1HeadReader(head -> recording &= recorder.http1Head(head));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (recording && message instanceof ByteBuf buffer) {
            heads.read(buffer);
        }
        ctx.fireChannelRead(message);
    }
}
