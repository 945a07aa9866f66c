package io.github.hc5.utls.it.pool;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Answers most requests, resets, stalls, refuses or breaks off others, says GOAWAY, and closes connections. */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome of a write shows at the client
final class FaultyHttp2 extends Answers {

    private final Random random;
    private final BooleanSupplier faulty;

    FaultyHttp2(Random random, BooleanSupplier faulty) {
        this.random = random;
        this.faulty = faulty;
    }

    @Override
    void request(ChannelHandlerContext context, Http2FrameStream stream, String path) {
        int die = faulty.getAsBoolean() ? random.nextInt(1000) : 999;
        if (die < 20) {
            context.write(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM).stream(stream));
        } else if (die < 40) {
            head(context, stream);
            body(context, stream, "hel", false);
            context.write(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR).stream(stream));
        } else if (die < 50) {
            // no answer at all
            context.flush();
        } else if (die < 60) {
            head(context, stream);
        } else if (die < 64) {
            DefaultHttp2GoAwayFrame goAway = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
            context.write(goAway);
            ok(context, stream);
        } else if (die < 68) {
            ok(context, stream);
            context.close();
        } else if (die < 72) {
            context.channel().unsafe().closeForcibly();
        } else {
            ok(context, stream);
        }
    }
}
