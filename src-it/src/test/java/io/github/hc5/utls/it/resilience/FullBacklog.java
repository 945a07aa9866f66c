package io.github.hc5.utls.it.resilience;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an address of a {@link FaultServer} one that answers no connect: a listener that accepts nothing and whose queue is
 * full, so that the kernel drops what else comes.
 */
final class FullBacklog implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket();
    private final List<Socket> queued = new ArrayList<>();

    FullBacklog(FaultServer server, InetAddress address) throws IOException {
        server.die(address);
        listener.setReuseAddress(true);
        FaultServer.bind(listener, new InetSocketAddress(address, server.port()), 1);
        boolean full = false;
        while (!full && queued.size() < 64) {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(listener.getLocalSocketAddress(), 100);
            } catch (SocketTimeoutException e) {
                full = true;
            }
        }
        if (!full) {
            close();
            throw new IllegalStateException("the queue of a listener takes " + queued.size() + " connections");
        }
    }

    @Override
    public String toString() {
        return queued.size() - 1 + " connections fill the queue of " + listener;
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : queued) {
            socket.close();
        }
        listener.close();
    }
}
