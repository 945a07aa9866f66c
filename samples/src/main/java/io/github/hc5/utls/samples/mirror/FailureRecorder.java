package io.github.hc5.utls.samples.mirror;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The pipeline's end: notes the error that reaches it, and closes the connection. */
@SuppressWarnings("FutureReturnValueIgnored") // closing cannot fail in a way that matters
final class FailureRecorder extends ChannelInboundHandlerAdapter {

    private final ConnectionRecorder recorder;

    FailureRecorder(ConnectionRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        recorder.failed(String.valueOf(cause.getMessage()));
        ctx.close();
    }
}
