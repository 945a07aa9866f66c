package io.github.hc5.utls.it.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCertificateCompressionAlgorithm;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** BoringSSL, through Netty's netty-tcnative: the TLS stack that Chromium itself is built on. */
public final class NettyServer implements TestServer {

    private final MultiThreadIoEventLoopGroup group;
    private final Channel channel;
    private final List<CertificateCompression> compressions;

    /**
     * How a server is set up. {@link #of} gives the defaults, the {@code with} methods change one value each.
     *
     * @param identity the server's certificate
     * @param protocol {@code TLSv1.2} or {@code TLSv1.3}, the only version spoken
     * @param ciphers the cipher suites for TLS 1.2, or empty for the stack's own choice
     * @param groups the named groups, by BoringSSL's names, or empty for the stack's own choice
     * @param compressions the algorithms of certificate compression offered
     * @param applicationProtocols what ALPN selects from, in order of preference
     * @param clientCertificate whether the client must show a certificate of {@link TestPki#CLIENTS}
     */
    public record Settings(
            Identity identity,
            String protocol,
            List<String> ciphers,
            List<String> groups,
            List<CertificateCompression> compressions,
            List<String> applicationProtocols,
            boolean clientCertificate) {

        public Settings {
            ciphers = List.copyOf(ciphers);
            groups = List.copyOf(groups);
            compressions = List.copyOf(compressions);
            applicationProtocols = List.copyOf(applicationProtocols);
        }

        /** Returns a server of one TLS version with the stack's own choices, speaking h2 and http/1.1. */
        public static Settings of(Identity identity, String protocol) {
            return new Settings(identity, protocol, List.of(), List.of(), List.of(), List.of("h2", "http/1.1"), false);
        }

        /** Returns these settings with TLS 1.2 cipher suites. */
        public Settings withCiphers(String... names) {
            return new Settings(
                    identity, protocol, List.of(names), groups, compressions, applicationProtocols, clientCertificate);
        }

        /** Returns these settings with named groups. */
        public Settings withGroups(String... names) {
            return new Settings(
                    identity, protocol, ciphers, List.of(names), compressions, applicationProtocols, clientCertificate);
        }

        /** Returns these settings with algorithms of certificate compression. */
        public Settings withCompressions(CertificateCompression... algorithms) {
            return new Settings(
                    identity, protocol, ciphers, groups, List.of(algorithms), applicationProtocols, clientCertificate);
        }

        /** Returns these settings with the protocols that ALPN selects from. */
        public Settings withApplicationProtocols(String... names) {
            return new Settings(identity, protocol, ciphers, groups, compressions, List.of(names), clientCertificate);
        }

        /** Returns these settings with a client certificate required. */
        public Settings withClientCertificate() {
            return new Settings(identity, protocol, ciphers, groups, compressions, applicationProtocols, true);
        }
    }

    private NettyServer(MultiThreadIoEventLoopGroup group, Channel channel, List<CertificateCompression> compressions) {
        this.group = group;
        this.channel = channel;
        this.compressions = compressions;
    }

    /** Starts a server. */
    public static NettyServer start(Settings settings) {
        return start(settings, Http2Behaviour.DEFAULT);
    }

    /** Starts a server that speaks HTTP/2 in a way of its own. */
    public static NettyServer start(Settings settings, Http2Behaviour http2) {
        List<CertificateCompression> used = new CopyOnWriteArrayList<>();
        SslContext context = sslContext(settings, used);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel child) {
                        child.pipeline().addLast(context.newHandler(child.alloc()), new NettyProtocolHandler(http2));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        return new NettyServer(group, channel, used);
    }

    /** Returns the algorithms that certificates were compressed with so far, one entry for each handshake. */
    public List<CertificateCompression> compressionsUsed() {
        return List.copyOf(compressions);
    }

    private static SslContext sslContext(Settings settings, List<CertificateCompression> used) {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        settings.identity().privateKey(), settings.identity().chain())
                .sslProvider(SslProvider.OPENSSL)
                .protocols(settings.protocol())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        settings.applicationProtocols()))
                .trustManager(TestPki.CLIENTS.certificate())
                .clientAuth(settings.clientCertificate() ? ClientAuth.REQUIRE : ClientAuth.NONE);
        if (!settings.ciphers().isEmpty()) {
            builder.ciphers(settings.ciphers());
        }
        if (!settings.groups().isEmpty()) {
            builder.option(OpenSslContextOption.GROUPS, settings.groups().toArray(String[]::new));
        }
        if (!settings.compressions().isEmpty()) {
            builder.option(
                    OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS,
                    compressionConfig(settings.compressions(), used));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("cannot make the server's context", e);
        }
    }

    private static OpenSslCertificateCompressionConfig compressionConfig(
            List<CertificateCompression> algorithms, List<CertificateCompression> used) {
        OpenSslCertificateCompressionConfig.Builder config = OpenSslCertificateCompressionConfig.newBuilder();
        algorithms.forEach(algorithm -> config.addAlgorithm(
                new CountedCompression(algorithm, used), OpenSslCertificateCompressionConfig.AlgorithmMode.Compress));
        return config.build();
    }

    private record CountedCompression(CertificateCompression algorithm, List<CertificateCompression> used)
            implements OpenSslCertificateCompressionAlgorithm {

        @Override
        public byte[] compress(SSLEngine engine, byte[] certificate) {
            used.add(algorithm);
            return algorithm.encode(certificate);
        }

        @Override
        public byte[] decompress(SSLEngine engine, int length, byte[] compressed) {
            throw new UnsupportedOperationException("this server only compresses");
        }

        @Override
        public int algorithmId() {
            return algorithm.codePoint();
        }
    }

    @Override
    public SocketAddress address() {
        return channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
