package io.github.hc5.utls.samples.mirror;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;

/** The pipeline's end: notes the error that reaches it, and closes the connection. */
@SuppressWarnings("FutureReturnValueIgnored") // closing cannot fail in a way that matters
final class FailureRecorder extends ChannelInboundHandlerAdapter {

    private final ConnectionRecorder recorder;

    FailureRecorder(ConnectionRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        recorder.failed(describe(cause));
        ctx.close();
    }

    /** Returns the message of what lies under the wrappers, or its type where it has none. */
    static String describe(Throwable error) {
        Throwable root = error;
        while (root instanceof DecoderException && root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
