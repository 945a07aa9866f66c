package io.github.hc5.utls.it.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A relay on a loopback port that keeps every byte of both directions, so that one test can look at the same wire in
 * front of any server. Safe for use by several threads.
 */
public final class WireTap implements AutoCloseable {

    /** A client's dummy record of the middlebox compatibility mode (RFC 8446 appendix D.4). */
    private static final byte[] CHANGE_CIPHER_SPEC = {20, 3, 3, 0, 1, 1};

    private final SocketAddress target;
    private final boolean withoutChangeCipherSpec;
    private final ServerSocketChannel listener;
    private final List<TappedConnection> connections = new CopyOnWriteArrayList<>();
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

    private WireTap(SocketAddress target, boolean withoutChangeCipherSpec, ServerSocketChannel listener) {
        this.target = target;
        this.withoutChangeCipherSpec = withoutChangeCipherSpec;
        this.listener = listener;
    }

    /** Opens a tap in front of a server, which may listen on TCP or on a Unix domain socket. It changes nothing. */
    public static WireTap before(SocketAddress target) {
        return open(target, InetAddress.getLoopbackAddress(), false);
    }

    /** Opens a tap that listens on the given one of the loopback addresses. It changes nothing. */
    public static WireTap before(SocketAddress target, InetAddress loopback) {
        return open(target, loopback, false);
    }

    /**
     * Opens a tap that records but does not pass on the change_cipher_spec record that begins what a client writes after
     * a HelloRetryRequest. It is no part of the transcript, and {@code openssl s_server -stateless}, which makes the only
     * cookies of all servers here, gives up when it comes.
     */
    public static WireTap withoutChangeCipherSpec(SocketAddress target) {
        return open(target, InetAddress.getLoopbackAddress(), true);
    }

    private static WireTap open(SocketAddress target, InetAddress loopback, boolean withoutChangeCipherSpec) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(loopback, 0));
            WireTap tap = new WireTap(target, withoutChangeCipherSpec, listener);
            Daemon.start("tap-accept", tap::acceptAll);
            return tap;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a tap before " + target, e);
        }
    }

    /** Returns the port to connect to. */
    public int port() {
        return listener.socket().getLocalPort();
    }

    /** Returns what crossed so far, one entry for each accepted connection, in order. */
    public List<TappedConnection> connections() {
        return List.copyOf(connections);
    }

    /**
     * Returns the only connection so far.
     *
     * @throws IllegalStateException if there were none or several
     */
    public TappedConnection onlyConnection() {
        if (connections.size() != 1) {
            throw new IllegalStateException("expected one connection, there were " + connections.size());
        }
        return connections.get(0);
    }

    private void acceptAll() throws IOException {
        while (listener.isOpen()) {
            SocketChannel client = listener.accept();
            TappedConnection connection = new TappedConnection();
            connections.add(connection);
            open.add(client);
            SocketChannel server = connect();
            open.add(server);
            noDelay(client);
            noDelay(server);
            Daemon.start("tap-up", () -> pump(client, server, connection.clientBytes()));
            Daemon.start("tap-down", () -> pump(server, client, connection.serverBytes()));
        }
    }

    /** A relay that gathers small writes would add the peer's delayed acknowledgement to every answer. */
    private static void noDelay(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    private SocketChannel connect() throws IOException {
        return target instanceof UnixDomainSocketAddress
                ? SocketChannel.open(target)
                : SocketChannel.open((InetSocketAddress) target);
    }

    private void skipChangeCipherSpec(ByteBuffer buffer) {
        byte[] start = new byte[Math.min(CHANGE_CIPHER_SPEC.length, buffer.remaining())];
        buffer.duplicate().get(start);
        if (Arrays.equals(start, CHANGE_CIPHER_SPEC)) {
            buffer.position(buffer.position() + CHANGE_CIPHER_SPEC.length);
        }
    }

    private void pump(SocketChannel from, SocketChannel to, RecordedBytes record) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                record.append(buffer);
                if (withoutChangeCipherSpec) {
                    skipChangeCipherSpec(buffer);
                }
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            from.close();
            to.close();
            throw e;
        }
    }

    @Override
    public void close() {
        Daemon.closeQuietly(listener);
        open.forEach(Daemon::closeQuietly);
    }
}
