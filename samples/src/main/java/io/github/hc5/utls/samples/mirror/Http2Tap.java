package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Stands behind the TLS handler of an HTTP/2 connection and records the client's frames. */
final class Http2Tap extends ChannelInboundHandlerAdapter {

    private final ConnectionRecorder recorder;
    private final Http2FrameReader frames;
    private boolean broken;

    Http2Tap(ConnectionRecorder recorder) {
        this.recorder = recorder;
        this.frames = new Http2FrameReader(new Http2FrameDescriber(recorder));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!broken && message instanceof ByteBuf buffer) {
            try {
                frames.read(buffer);
            } catch (MalformedFrameException e) {
                broken = true; // the codec behind answers the client; here the recording ends
                recorder.failed("HTTP/2: " + e.getMessage());
            }
        }
        ctx.fireChannelRead(message);
    }
}
