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
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLSession;

/** Sets a connection up for HTTP/2 or HTTP/1.1, as ALPN decided; {@link Exchange} answers either. */
final class NettyProtocolHandler extends ApplicationProtocolNegotiationHandler {

    private static final int LARGEST_BODY = 4 * 1024 * 1024;

    NettyProtocolHandler() {
        super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
        SslHandler tls = Objects.requireNonNull(context.pipeline().get(SslHandler.class));
        Map<String, String> report = report(tls);
        if (!ApplicationProtocolNames.HTTP_2.equals(protocol)) {
            context.pipeline()
                    .addLast(new HttpServerCodec(), new HttpObjectAggregator(LARGEST_BODY), new RequestHandler(report));
            return;
        }
        context.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer().build(),
                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                stream.pipeline()
                                        .addLast(
                                                new Http2StreamFrameToHttpObjectCodec(true),
                                                new HttpObjectAggregator(LARGEST_BODY),
                                                new RequestHandler(report));
                            }
                        }));
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

        RequestHandler(Map<String, String> report) {
            this.report = report;
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
            var unused = context.writeAndFlush(response);
        }
    }
}
