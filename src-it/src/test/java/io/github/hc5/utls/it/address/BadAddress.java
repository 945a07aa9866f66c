package io.github.hc5.utls.it.address;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An address at which something is wrong below HTTP. */
final class BadAddress implements AutoCloseable {

    private static final int FILLING = 8;

    private final ServerSocket listener;
    private final List<Socket> taken = new CopyOnWriteArrayList<>();
    private final List<SocketChannel> filling = new ArrayList<>();

    private BadAddress(InetAddress address, int port, int backlog) throws IOException {
        listener = new ServerSocket(port, backlog, address);
    }

    /** Takes no connection: the queue of those not accepted is full, so that packets to it are dropped. */
    static BadAddress dark(InetAddress address, int port) throws IOException {
        BadAddress bad = new BadAddress(address, port, 1);
        for (int i = 0; i < FILLING; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(address, port));
            bad.filling.add(channel);
        }
        return bad;
    }

    /** Takes connections and says nothing. */
    static BadAddress silent(InetAddress address, int port) throws IOException {
        return accepting(address, port, false);
    }

    /** Resets connections. */
    static BadAddress resetting(InetAddress address, int port) throws IOException {
        return accepting(address, port, true);
    }

    private static BadAddress accepting(InetAddress address, int port, boolean reset) throws IOException {
        BadAddress bad = new BadAddress(address, port, 50);
        Thread thread = new Thread(() -> bad.accept(reset), "bad-address");
        thread.setDaemon(true);
        thread.start();
        return bad;
    }

    private void accept(boolean reset) {
        try {
            while (true) {
                Socket socket = listener.accept();
                taken.add(socket);
                if (reset) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
            }
        } catch (IOException e) {
            // closed by the test
        }
    }

    /** How many connections it has taken. */
    int taken() {
        return taken.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel channel : filling) {
            channel.close();
        }
        for (Socket socket : taken) {
            socket.close();
        }
    }
}
