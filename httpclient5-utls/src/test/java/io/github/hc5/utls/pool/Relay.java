package io.github.hc5.utls.pool;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A proxy on a loopback port: an HTTP proxy that knows CONNECT, or a SOCKS 5 proxy (RFC 1928) without a password. */
final class Relay implements AutoCloseable {

    private final ServerSocket server;
    private final boolean socks;
    private final @Nullable String credentials;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    final AtomicInteger tunnels = new AtomicInteger();
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** The status line that grants a tunnel. */
    volatile String granted = "HTTP/1.1 200 OK";

    private Relay(boolean socks, @Nullable String credentials) throws IOException {
        this.socks = socks;
        this.credentials = credentials;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** @param credentials the value that Proxy-Authorization must have; {@code null}: none is asked for */
    static Relay http(@Nullable String credentials) throws IOException {
        return new Relay(false, credentials);
    }

    static Relay socks() throws IOException {
        return new Relay(true, null);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            for (; ; ) {
                Socket client = server.accept();
                sockets.add(client);
                daemon(() -> serve(client));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(Socket client) {
        try {
            Socket target = socks ? socksTarget(client) : connectTarget(client);
            if (target == null) {
                client.close();
                return;
            }
            sockets.add(target);
            tunnels.incrementAndGet();
            daemon(() -> copy(target, client));
            copy(client, target);
        } catch (IOException closed) {
            // either side has gone
        }
    }

    private @Nullable Socket connectTarget(Socket client) throws IOException {
        for (; ; ) {
            String head = head(client.getInputStream());
            if (head.isEmpty()) {
                return null;
            }
            requests.add(head);
            OutputStream out = client.getOutputStream();
            if (credentials != null && !head.contains("Proxy-Authorization: " + credentials)) {
                out.write(String.join(
                                "\r\n",
                                "HTTP/1.1 407 Proxy Authentication Required",
                                "Proxy-Authenticate: Basic realm=\"x\"",
                                "Content-Length: 0",
                                "",
                                "")
                        .getBytes(StandardCharsets.US_ASCII));
                continue;
            }
            String authority = head.substring("CONNECT ".length(), head.indexOf(" HTTP"));
            int colon = authority.lastIndexOf(':');
            Socket target =
                    new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(authority.substring(colon + 1)));
            out.write((granted + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return target;
        }
    }

    private static Socket socksTarget(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        in.readByte();
        in.readFully(new byte[in.readByte()]);
        client.getOutputStream().write(new byte[] {5, 0});
        in.readFully(new byte[3]);
        int type = in.readByte();
        in.readFully(new byte[type == 1 ? 4 : type == 4 ? 16 : in.readByte()]);
        Socket target = new Socket(InetAddress.getLoopbackAddress(), in.readUnsignedShort());
        client.getOutputStream().write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 0});
        return target;
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            if (b == '\n' && head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // either side has gone
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
