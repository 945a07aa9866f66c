package io.github.hc5.utls.samples.mirror;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TLS server that shows its clients what they sent: it records each connection's raw ClientHello, record sizes and
 * HTTP/2 frames, and answers any request with the fingerprints in JSON. See {@link Routes} for the paths that do more.
 *
 * <p>Safe for use by several threads. Meant for tests and demonstrations: it has no limit on connections, and tells
 * everybody who can reach it what it received from the asking connection.
 */
public final class MirrorServer implements AutoCloseable {

    private static final int MIN_THREADS = 2;
    private static final int BACKLOG = 1024;
    private static final long SHUTDOWN_SECONDS = 5;
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final TlsProvider provider;
    private final MirrorCertificates certificates;
    private final ConnectionHistory history;
    private final SslContext tls;
    private final EventLoopGroup eventLoops;
    private final Channel listener;
    private final AtomicBoolean closed = new AtomicBoolean();

    private MirrorServer(
            TlsProvider provider,
            MirrorCertificates certificates,
            ConnectionHistory history,
            SslContext tls,
            EventLoopGroup eventLoops,
            Channel listener) {
        this.provider = provider;
        this.certificates = certificates;
        this.history = history;
        this.tls = tls;
        this.eventLoops = eventLoops;
        this.listener = listener;
    }

    /**
     * Starts a server with a certificate authority of its own.
     *
     * @throws IOException if the address cannot be listened on
     * @throws IllegalArgumentException if the TLS provider refuses a setting
     * @throws IllegalStateException if the settings need BoringSSL and its native library does not load
     */
    public static MirrorServer start(MirrorSettings settings) throws IOException {
        TlsProvider provider = TlsContexts.resolve(settings);
        MirrorCertificates certificates = MirrorCertificates.issue(settings.names(), Instant.now());
        SslContext tls = TlsContexts.create(settings, provider, certificates);
        ConnectionHistory history = new ConnectionHistory(settings.historySize());
        EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
                Math.max(MIN_THREADS, Runtime.getRuntime().availableProcessors()),
                new DefaultThreadFactory("utls-mirror", true),
                NioIoHandler.newFactory());
        InetSocketAddress address = new InetSocketAddress(settings.bindAddress(), settings.port());
        ChannelFuture bound = new ServerBootstrap()
                .group(eventLoops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ConnectionInitializer(tls, history))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stop(eventLoops, tls);
            throw new IOException(
                    "cannot listen on " + settings.bindAddress().getHostAddress() + " port " + settings.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return new MirrorServer(provider, certificates, history, tls, eventLoops, bound.channel());
    }

    /** Returns the port the server listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Returns {@code https://localhost:PORT/}. */
    public String url() {
        return "https://localhost:" + port() + "/";
    }

    /** Returns the TLS implementation in use: never {@link TlsProvider#AUTO}. */
    public TlsProvider provider() {
        return provider;
    }

    /** Returns the certificate of the authority that a client has to trust. */
    public X509Certificate caCertificate() {
        return certificates.authority();
    }

    /**
     * Writes the authority's certificate as PEM, and creates the directories above the file where they are missing.
     *
     * @throws IOException if the file cannot be written
     */
    public void writeCa(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        try {
            String body = PEM.encodeToString(caCertificate().getEncoded());
            Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
        } catch (CertificateEncodingException e) {
            throw new IOException("the certificate has no encoding: " + e.getMessage(), e);
        }
    }

    /** Returns the recorded connections, the oldest first: at most as many as the settings' history size. */
    public List<RecordedConnection> connections() {
        return history.snapshot();
    }

    /** Stops listening, closes all connections and ends all threads of the server. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            listener.close().awaitUninterruptibly();
            stop(eventLoops, tls);
        }
    }

    /** Ends the event loops, which close their connections, before the context that these still use. */
    private static void stop(EventLoopGroup eventLoops, SslContext tls) {
        eventLoops.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
        ReferenceCountUtil.release(tls);
    }

    /** Gives each accepted connection its recorder and its handlers. */
    private static final class ConnectionInitializer extends ChannelInitializer<SocketChannel> {

        private final SslContext tls;
        private final ConnectionHistory history;
        private final AtomicLong ids = new AtomicLong();

        ConnectionInitializer(SslContext tls, ConnectionHistory history) {
            this.tls = tls;
            this.history = history;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            ConnectionRecorder recorder =
                    new ConnectionRecorder(ids.incrementAndGet(), address(channel.remoteAddress()), System::nanoTime);
            history.add(recorder);
            WireTap wire = new WireTap(recorder);
            channel.pipeline().addLast(wire, tls.newHandler(channel.alloc()), new ProtocolSelector(recorder, wire));
        }

        private static String address(InetSocketAddress remote) {
            String host = remote.getAddress().getHostAddress();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + remote.getPort();
        }
    }
}
