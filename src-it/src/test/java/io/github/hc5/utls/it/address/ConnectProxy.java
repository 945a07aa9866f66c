package io.github.hc5.utls.it.address;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.HttpHost;

/** A proxy that knows CONNECT (RFC 9110 section 9.3.6) and takes every target to one address; it can go down and come up. */
final class ConnectProxy implements AutoCloseable {

    private final InetAddress own;
    private final InetSocketAddress target;
    private final AtomicInteger tunnels = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int port;
    private volatile ServerSocket server;

    ConnectProxy(InetAddress own, InetSocketAddress target) throws IOException {
        this.own = own;
        this.target = target;
        this.server = listen(0);
        this.port = server.getLocalPort();
    }

    HttpHost host() {
        return new HttpHost("http", own, port);
    }

    int tunnels() {
        return tunnels.get();
    }

    void up() throws IOException {
        server = listen(port);
    }

    void down() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private ServerSocket listen(int at) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(own, at));
        daemon(() -> {
            while (true) {
                Socket client = listening.accept();
                sockets.add(client);
                daemon(() -> serve(client));
            }
        });
        return listening;
    }

    private void serve(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("CONNECT ")) {
            client.close();
            return;
        }
        Socket upstream = new Socket(target.getAddress(), target.getPort());
        sockets.add(upstream);
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        tunnels.incrementAndGet();
        daemon(() -> pump(upstream, client));
        pump(client, upstream);
    }

    private static void pump(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[8192];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
        to.close();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // a socket was closed
                    }
                },
                "connect-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        down();
    }
}
