package io.github.hc5.utls.it.servers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLSession;

/** Sets a connection up for HTTP/2 or HTTP/1.1, as ALPN decided; {@link Exchange} answers either, and {@code x-large} goes back. */
final class NettyProtocolHandler extends ApplicationProtocolNegotiationHandler {

    private static final int LARGEST_BODY = 4 * 1024 * 1024;

    private final Http2Behaviour http2;

    /** Requests on this connection, counted on its event loop. */
    private int requests;

    NettyProtocolHandler(Http2Behaviour http2) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.http2 = http2;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
        SslHandler tls = Objects.requireNonNull(context.pipeline().get(SslHandler.class));
        Map<String, String> report = report(tls);
        if (!ApplicationProtocolNames.HTTP_2.equals(protocol)) {
            context.pipeline()
                    .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(LARGEST_BODY),
                            new RequestHandler(report, () -> {}));
            return;
        }
        context.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(new Http2Settings().copyFrom(http2.settings()))
                                .build(),
                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                stream.pipeline()
                                        .addLast(
                                                new Http2StreamFrameToHttpObjectCodec(true),
                                                new HttpObjectAggregator(LARGEST_BODY),
                                                new RequestHandler(report, () -> requested(context)));
                            }
                        }));
    }

    private void requested(ChannelHandlerContext connection) {
        int count = ++requests;
        if (!http2.changes().isEmpty() && count % http2.every() == 0) {
            Http2Settings change =
                    http2.changes().get(count / http2.every() % http2.changes().size());
            var unused = connection
                    .pipeline()
                    .writeAndFlush(new DefaultHttp2SettingsFrame(new Http2Settings().copyFrom(change)));
        }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }

    private static Map<String, String> report(SslHandler tls) {
        SSLSession session = tls.engine().getSession();
        Map<String, String> values = new LinkedHashMap<>();
        values.put(ServerReport.TLS, session.getProtocol());
        values.put(ServerReport.CIPHER, session.getCipherSuite());
        values.put(ServerReport.ALPN, Objects.requireNonNullElse(tls.applicationProtocol(), ""));
        values.put(ServerReport.CLIENT, JsseServer.client(session));
        return values;
    }

    private static final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

        private final Map<String, String> report;
        private final Runnable requested;

        RequestHandler(Map<String, String> report, Runnable requested) {
            this.report = report;
            this.requested = requested;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            byte[] requestBody = ByteBufUtil.getBytes(request.content());
            Exchange exchange = Exchange.answer(request.uri(), requestBody, () -> report);
            ByteBuf body = Unpooled.wrappedBuffer(exchange.body().toByteArray());
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(exchange.status()), body);
            response.headers()
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, exchange.body().length());
            String large = request.headers().get("x-large");
            if (large != null) {
                response.headers().set("x-large", large);
            }
            requested.run();
            var unused = context.writeAndFlush(response);
        }
    }
}
