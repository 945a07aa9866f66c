package io.github.hc5.utls.it.resilience;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the machine could do meanwhile: plain sockets, each in a loop of its own with the same kind of server, with nothing
 * of the pool between them. A moment at which these did not get their exchanges done says nothing of the pool.
 */
final class MachineControl implements AutoCloseable {

    private static final int SOCKETS = 4;
    private static final int MOST = 100_000;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: control\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The share of what the sockets could do that the machine must have let them do. */
    private static final double ENOUGH = 0.85;

    private final SlowServer server;
    private final long serviceNanos;
    private final long[] ends = new long[MOST];
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    MachineControl(long serviceMillis) throws IOException {
        server = new SlowServer(serviceMillis);
        serviceNanos = serviceMillis * 1_000_000L;
        for (int i = 0; i < SOCKETS; i++) {
            Thread thread = new Thread(this::exchange, "machine-control");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void exchange() {
        byte[] buffer = new byte[4096];
        try (Socket socket = new Socket(server.address(), server.port())) {
            socket.setTcpNoDelay(true);
            while (!closed) {
                socket.getOutputStream().write(REQUEST);
                if (socket.getInputStream().read(buffer) <= 0) {
                    return;
                }
                int at = count.getAndIncrement();
                if (at < MOST) {
                    ends[at] = System.nanoTime();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was seen, once it is closed. */
    static final class Seen {
        private final long[] ends;
        private final long serviceNanos;

        private Seen(long[] ends, long serviceNanos) {
            this.ends = ends;
            this.serviceNanos = serviceNanos;
        }

        /** Whether the machine did nearly all that it could have between two moments. */
        boolean wasAble(long from, long to) {
            double possible = SOCKETS * (to - from) / (double) serviceNanos;
            return after(to) - after(from) >= ENOUGH * possible;
        }

        private int after(long moment) {
            int at = Arrays.binarySearch(ends, moment);
            return at < 0 ? -at - 1 : at;
        }
    }

    /** Ends the exchanges, and tells what was seen of them. */
    Seen stop() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
        long[] seen = Arrays.copyOf(ends, Math.min(MOST, count.get()));
        Arrays.sort(seen);
        return new Seen(seen, serviceNanos);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
    }
}
