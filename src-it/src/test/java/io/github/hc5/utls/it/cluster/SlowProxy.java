package io.github.hc5.utls.it.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/** Passes bytes on; those of the server as late as the test wants. */
final class SlowProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    volatile long delayMillis;

    SlowProxy(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                // one of the sides is closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            sockets.add(client);
            start(() -> connect(client));
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            DelayQueue<Bytes> late = new DelayQueue<>();
            start(() -> copy(client, server));
            start(() -> {
                try (client) {
                    read(server, late);
                }
            });
            start(() -> write(late, client.getOutputStream()));
        } catch (IOException e) {
            client.close();
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared by content
    private record Bytes(byte[] content, long dueNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(dueNanos, ((Bytes) other).dueNanos);
        }
    }

    private void read(Socket server, DelayQueue<Bytes> late) throws IOException {
        byte[] buffer = new byte[16_384];
        InputStream in = server.getInputStream();
        long last = System.nanoTime();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            // in order, whatever the delay was before
            last = Math.max(last + 1, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis));
            late.add(new Bytes(java.util.Arrays.copyOf(buffer, n), last));
        }
    }

    private static void write(DelayQueue<Bytes> late, OutputStream out) throws IOException, InterruptedException {
        while (true) {
            out.write(late.take().content());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
