package io.github.hc5.utls.bench.micro;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hc.client5.http.DnsResolver;

/** Takes connections at all addresses of 127.0.0.0/8, and says nothing: for pools whose work is measured alone. */
final class IdlePeer implements Closeable, DnsResolver {

    private final ServerSocket server = new ServerSocket();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int addresses;

    /** @param addresses how many addresses each host has */
    IdlePeer(int addresses) throws IOException {
        this.addresses = addresses;
        server.bind(new InetSocketAddress("0.0.0.0", 0), 1024);
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                daemon(() -> drain(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void drain(Socket socket) {
        byte[] buffer = new byte[4096];
        try (InputStream in = socket.getInputStream()) {
            while (in.read(buffer) >= 0) {
                // read on
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "idle-peer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        List<InetAddress> result = new ArrayList<>();
        for (int i = 1; i <= addresses; i++) {
            result.add(InetAddress.getByAddress(host, new byte[] {127, 0, 9, (byte) i}));
        }
        return result.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
