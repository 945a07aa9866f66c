package io.github.hc5.utls.it.resilience;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Peers on one port of several addresses that read the first of what comes and answer as told, or not at all. */
final class RawPeers implements AutoCloseable {

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final byte @Nullable [] answer;

    RawPeers(List<InetAddress> addresses, int port, byte @Nullable [] answer) throws IOException {
        this.answer = answer;
        int same = port;
        for (InetAddress address : addresses) {
            ServerSocket listener = new ServerSocket();
            // what nobody reads is soon seen by the sender
            listener.setReceiveBufferSize(65_536);
            FaultServer.bind(listener, new InetSocketAddress(address, same), 50);
            same = listener.getLocalPort();
            listeners.add(listener);
            daemon(() -> accept(listener));
        }
    }

    int port() {
        return listeners.get(0).getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    private void accept(ServerSocket listener) {
        try {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                synchronized (sockets) {
                    sockets.add(socket);
                }
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try {
            int read = socket.getInputStream().read(new byte[4096]);
            if (read > 0 && answer != null) {
                socket.getOutputStream().write(answer);
                socket.close();
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "raw-peer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
