package io.github.hc5.utls.it.pool;

import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.TestPki;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TLS server of one protocol whose every answer is written by the handler that a test supplies for each connection. */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome of a write shows at the client
public final class FrameServer implements AutoCloseable {

    /** The name of the handler from whose context bytes go out without passing the frame codec. */
    public static final String RAW = "raw";

    private static final Logger LOG = LoggerFactory.getLogger(FrameServer.class);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Channel listener;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();

    private FrameServer(String protocol, Supplier<ChannelHandler> answers) throws Exception {
        Identity identity = TestPki.server(KeyKind.ECDSA);
        SslContext tls = SslContextBuilder.forServer(identity.privateKey(), identity.chain())
                .sslProvider(SslProvider.OPENSSL)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocol))
                .build();
        boolean http2 = protocol.equals(ApplicationProtocolNames.HTTP_2);
        listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel child) {
                        child.pipeline().addLast(tls.newHandler(child.alloc())).addLast(RAW, new Counter());
                        if (http2) {
                            child.pipeline()
                                    .addLast(Http2FrameCodecBuilder.forServer()
                                            .initialSettings(Http2Settings.defaultSettings()
                                                    .maxConcurrentStreams(100))
                                            .build());
                        } else {
                            child.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20));
                        }
                        child.pipeline().addLast(answers.get());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    public static FrameServer http2(Supplier<ChannelHandler> answers) throws Exception {
        return new FrameServer(ApplicationProtocolNames.HTTP_2, answers);
    }

    static FrameServer http1(Supplier<ChannelHandler> answers) throws Exception {
        return new FrameServer(ApplicationProtocolNames.HTTP_1_1, answers);
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    public String uri(String path) {
        return "https://" + Clients.HOST + ":" + port() + path;
    }

    public int accepted() {
        return accepted.get();
    }

    int mostOpen() {
        return mostOpen.get();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Counter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            accepted.incrementAndGet();
            open.add(context.channel());
            mostOpen.accumulateAndGet(open.size(), Math::max);
            context.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            open.remove(context.channel());
            context.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof IOException)) {
                // the client sees no more than the end of the connection
                LOG.warn("the server closes {}", context.channel(), cause);
            }
            context.close();
        }
    }
}
