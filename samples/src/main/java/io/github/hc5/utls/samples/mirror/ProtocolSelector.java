package io.github.hc5.utls.samples.mirror;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.OptionalInt;
import javax.net.ssl.SSLSession;

/** Waits for the end of the handshake, records what it agreed on, and sets up HTTP/2 or HTTP/1.1. */
@SuppressWarnings("FutureReturnValueIgnored") // closing cannot fail in a way that matters
final class ProtocolSelector extends ApplicationProtocolNegotiationHandler {

    private static final int MAX_CONCURRENT_STREAMS = 256;
    private static final int MAX_HEADER_LIST = 256 * 1024;

    /** Tests cancel many streams on purpose; Netty's own default takes 200 in 30 s for an attack. */
    private static final int MAX_RESETS = 10_000;

    private static final int RESET_WINDOW_SECONDS = 30;

    private final ConnectionRecorder recorder;
    private final WireTap wire;

    ProtocolSelector(ConnectionRecorder recorder, WireTap wire) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.recorder = recorder;
        this.wire = wire;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent completion && !completion.isSuccess()) {
            recorder.failed("handshake: " + FailureRecorder.describe(completion.cause()));
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        recorder.failed("handshake: the connection ended before it was complete");
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        recorder.failed(FailureRecorder.describe(cause));
        ctx.close();
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
        recordSession(ctx.pipeline().get(SslHandler.class));
        ChannelPipeline pipeline = ctx.pipeline();
        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
            pipeline.addLast(
                    new Http2Tap(recorder),
                    Http2FrameCodecBuilder.forServer()
                            .initialSettings(Http2Settings.defaultSettings()
                                    .maxConcurrentStreams(MAX_CONCURRENT_STREAMS)
                                    .maxHeaderListSize(MAX_HEADER_LIST))
                            .encoderIgnoreMaxHeaderListSize(true)
                            .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                            .gracefulShutdownTimeoutMillis(0)
                            .build(),
                    new Http2MultiplexHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel stream) {
                            stream.pipeline().addLast(new Http2Handler(recorder));
                        }
                    }));
        } else {
            pipeline.addLast(
                    new Http1Tap(recorder),
                    new HttpServerCodec(new HttpDecoderConfig()
                            .setMaxInitialLineLength(Http1HeadReader.MAX_HEAD)
                            .setMaxHeaderSize(MAX_HEADER_LIST)),
                    new Http1Handler(recorder));
        }
        pipeline.addLast(new FailureRecorder(recorder));
    }

    private void recordSession(SslHandler handler) {
        SSLSession session = handler.engine().getSession();
        OptionalInt group = wire.group();
        recorder.negotiated(new NegotiatedTls(
                session.getProtocol(),
                session.getCipherSuite(),
                group.isPresent() ? NamedGroups.name(group.getAsInt()) : null,
                handler.applicationProtocol(),
                wire.resumed()));
    }
}
