package io.github.hc5.utls.it.cluster;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Between a node and Redis: makes of each moment that the node sends, which is thirteen digits, what it would be by a clock
 * that is so far off. With {@link #clock()} for what the node reads itself, that is a node whose clock is off.
 */
final class ClockProxy implements AutoCloseable {

    private static final int DIGITS = 13;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicLong shiftMillis = new AtomicLong();
    private final AtomicLong commands = new AtomicLong();

    ClockProxy(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    /** Sets by how much the clock is ahead. */
    void set(long millis) {
        shiftMillis.set(millis);
    }

    /** How many commands the node has sent. */
    long commands() {
        return commands.get();
    }

    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(System.currentTimeMillis() + shiftMillis.get());
            }
        };
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // one of the sides is closed
                    }
                },
                "clock-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(client);
            sockets.add(server);
            start(() -> {
                try (client;
                        server) {
                    server.getInputStream().transferTo(client.getOutputStream());
                }
            });
            start(() -> {
                try (client;
                        server) {
                    shift(
                            new BufferedInputStream(client.getInputStream()),
                            new BufferedOutputStream(server.getOutputStream()));
                }
            });
        }
    }

    /** Commands are arrays of strings whose lengths are told: {@code *2}, {@code $3}, {@code GET} and so on. */
    private void shift(InputStream in, OutputStream out) throws IOException {
        while (true) {
            if (in.available() == 0) {
                out.flush();
            }
            String head = line(in);
            out.write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
            if (head.startsWith("*")) {
                commands.incrementAndGet();
            } else if (head.startsWith("$")) {
                byte[] word = in.readNBytes(Integer.parseInt(head.substring(1)) + 2);
                out.write(isMoment(word) ? shifted(word) : word);
            }
        }
    }

    private static boolean isMoment(byte[] word) {
        if (word.length != DIGITS + 2) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            if (word[i] < '0' || word[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private byte[] shifted(byte[] word) {
        long moment = Long.parseLong(new String(word, 0, DIGITS, StandardCharsets.US_ASCII));
        return ((moment + shiftMillis.get()) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
