package io.github.hc5.utls.it.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hc.core5.http2.HttpVersionPolicy;

/**
 * A TLS 1.3 server, on bctls, that takes the offers of a browser's hello which other servers leave alone: application
 * settings, every certificate compression, record size limits, delegated credentials, ECH retry configurations, cookies,
 * key updates. It ends TLS and passes the plaintext on to an HttpCore server that speaks HTTP/2 and HTTP/1.1.
 */
public final class AlpsServer implements TestServer {

    private static final int BUFFER = 16 * 1024;

    private final AlpsSettings settings;
    private final CoreHttpServer http1;
    private final CoreHttpServer http2;
    private final ServerSocket listener;
    private final List<AlpsConnection> connections = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private AlpsServer(AlpsSettings settings, ServerSocket listener) {
        this.settings = settings;
        this.listener = listener;
        this.http1 = CoreHttpServer.start(null, HttpVersionPolicy.FORCE_HTTP_1, context -> Map.of());
        this.http2 = CoreHttpServer.start(null, HttpVersionPolicy.FORCE_HTTP_2, context -> Map.of());
    }

    /** Starts a server. */
    public static AlpsServer start(AlpsSettings settings) {
        try {
            ServerSocket listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
            AlpsServer server = new AlpsServer(settings, listener);
            Daemon.start("alps-accept", server::acceptAll);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
    }

    /** Returns what the connections so far showed, in the order in which they were accepted. */
    public List<AlpsConnection> connections() {
        return List.copyOf(connections);
    }

    /**
     * Returns the only connection so far.
     *
     * @throws IllegalStateException if there were none or several
     */
    public AlpsConnection onlyConnection() {
        if (connections.size() != 1) {
            throw new IllegalStateException("expected one connection, there were " + connections.size());
        }
        return connections.get(0);
    }

    private void acceptAll() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            client.setTcpNoDelay(true);
            open.add(client);
            AlpsConnection connection = new AlpsConnection();
            connections.add(connection);
            Daemon.start("alps-connection", () -> serve(client, connection));
        }
    }

    private void serve(Socket client, AlpsConnection connection) throws IOException {
        try (client) {
            AlpsServerProtocol protocol =
                    new AlpsServerProtocol(client.getInputStream(), client.getOutputStream(), settings, connection);
            protocol.accept(new AlpsPeer(settings, connection));
            protocol.sendTickets();
            boolean h2 = connection.applicationProtocol().filter("h2"::equals).isPresent();
            InetSocketAddress backend = (h2 ? http2 : http1).address();
            try (Socket plain = new Socket(backend.getAddress(), backend.getPort())) {
                plain.setTcpNoDelay(true);
                Daemon.start("alps-answers", () -> sendAnswers(plain, protocol));
                byte[] buffer = new byte[BUFFER];
                for (int read = protocol.readApplicationData(buffer, 0, BUFFER);
                        read >= 0;
                        read = protocol.readApplicationData(buffer, 0, BUFFER)) {
                    plain.getOutputStream().write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            connection.failed(e);
            throw e;
        }
    }

    private static void sendAnswers(Socket plain, AlpsServerProtocol protocol) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = plain.getInputStream().read(buffer);
                read >= 0;
                read = plain.getInputStream().read(buffer)) {
            protocol.updateKeys();
            protocol.writeApplicationData(buffer, 0, read);
        }
        protocol.close();
    }

    @Override
    public SocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    @Override
    public void close() {
        Daemon.closeQuietly(listener);
        open.forEach(Daemon::closeQuietly);
        http1.close();
        http2.close();
    }
}
