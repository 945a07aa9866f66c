package io.github.hc5.utls.it.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A relay on a loopback port that keeps every byte of both directions, so that one test can look at the same wire in
 * front of any server. It changes nothing. Safe for use by several threads.
 */
public final class WireTap implements AutoCloseable {

    private final SocketAddress target;
    private final ServerSocketChannel listener;
    private final List<TappedConnection> connections = new CopyOnWriteArrayList<>();
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

    private WireTap(SocketAddress target, ServerSocketChannel listener) {
        this.target = target;
        this.listener = listener;
    }

    /** Opens a tap in front of a server, which may listen on TCP or on a Unix domain socket. */
    public static WireTap before(SocketAddress target) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            WireTap tap = new WireTap(target, listener);
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
            Daemon.start("tap-up", () -> pump(client, server, connection.clientBytes()));
            Daemon.start("tap-down", () -> pump(server, client, connection.serverBytes()));
        }
    }

    private SocketChannel connect() throws IOException {
        return target instanceof UnixDomainSocketAddress
                ? SocketChannel.open(target)
                : SocketChannel.open((InetSocketAddress) target);
    }

    private static void pump(SocketChannel from, SocketChannel to, RecordedBytes record) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                record.append(buffer);
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
