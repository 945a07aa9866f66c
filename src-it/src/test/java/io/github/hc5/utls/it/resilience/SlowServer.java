package io.github.hc5.utls.it.resilience;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** A plain HTTP/1.1 server that takes so long for each request; a thread for each connection. */
final class SlowServer implements AutoCloseable {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listener = new ServerSocket();
    private final long serviceNanos;

    SlowServer(long serviceMillis) throws IOException {
        serviceNanos = serviceMillis * 1_000_000L;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        daemon(() -> {
            while (true) {
                Socket socket = listener.accept();
                daemon(() -> serve(socket));
            }
        });
    }

    InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }

    int port() {
        return listener.getLocalPort();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // closed
                    }
                },
                "slow-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket socket) throws IOException {
        try (socket) {
            socket.setTcpNoDelay(true);
            byte[] buffer = new byte[4096];
            // the requests are small and come one at a time, each in one piece
            while (socket.getInputStream().read(buffer) > 0) {
                long end = System.nanoTime() + serviceNanos;
                while (System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                socket.getOutputStream().write(ANSWER);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
