package io.github.hc5.utls.it.resilience;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A plain HTTP/1.1 server on several loopback addresses and one port, that fails as it is told. It counts, by the field
 * X-Id, how often each request was executed.
 */
final class FaultServer implements AutoCloseable {

    /** Decides what happens to a request. */
    interface Script {
        Fault next(InetAddress local, @Nullable String id);
    }

    static final Duration SLOW_PAUSE = Duration.ofMillis(250);

    final List<InetAddress> addresses = new ArrayList<>();
    final Map<String, AtomicInteger> executions = new ConcurrentHashMap<>();
    final AtomicInteger requests = new AtomicInteger();
    volatile String lastHead = "";
    final List<InetAddress> asked = new CopyOnWriteArrayList<>();
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Script script;
    private final Supplier<String> date;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean recordsAddresses = true;
    private volatile int port;

    FaultServer(int firstHost, int count, Supplier<String> date, Script script) throws IOException {
        this.script = script;
        this.date = date;
        for (int i = 0; i < count; i++) {
            InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 8, (byte) (firstHost + i)});
            addresses.add(address);
            listen(address);
        }
    }

    private void listen(InetAddress address) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        bind(listener, new InetSocketAddress(address, port), 1000);
        port = listener.getLocalPort();
        synchronized (listeners) {
            listeners.add(listener);
        }
        daemon(() -> accept(listener));
    }

    /** Takes an address that a listener closed just now may still hold, until its thread has left it. */
    static void bind(ServerSocket listener, InetSocketAddress address, int backlog) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                listener.bind(address, backlog);
                return;
            } catch (BindException e) {
                if (tries == 200) {
                    throw e;
                }
                LockSupport.parkNanos(10_000_000L);
            }
        }
    }

    int port() {
        return port;
    }

    void doNotRecordAddresses() {
        recordsAddresses = false;
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "fault-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket listener) {
        try {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                if (listener.isClosed()) {
                    // it came in while this was being closed
                    resetIfOpen(socket);
                    return;
                }
                sockets.add(socket);
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            boolean open = true;
            while (open) {
                String head = head(in);
                if (head == null) {
                    return;
                }
                in.readNBytes(Integer.parseInt(field(head, "content-length", "0")));
                lastHead = head;
                String id = field(head, "x-id", "");
                requests.incrementAndGet();
                if (recordsAddresses) {
                    asked.add(socket.getLocalAddress());
                }
                Fault fault = script.next(socket.getLocalAddress(), id);
                if (fault.executes && !id.isEmpty()) {
                    executions.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
                }
                open = answer(fault, socket, out);
            }
        } catch (IOException e) {
            // the client has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(socket);
        }
    }

    private boolean answer(Fault fault, Socket socket, OutputStream out) throws IOException, InterruptedException {
        switch (fault) {
            case NONE -> write(out, response(200, "", "hello"));
            case RESET_BEFORE_RESPONSE, RESET_AFTER_EXECUTION -> {
                return reset(socket);
            }
            case RESET_IN_HEADERS -> {
                write(out, "HTTP/1.1 200 OK\r\nContent-Le");
                return reset(socket);
            }
            case STALL_IN_HEADERS -> {
                write(out, "HTTP/1.1 200 OK\r\nContent-Le");
                closed.await();
            }
            case RESET_AFTER_HEADERS -> {
                write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                return reset(socket);
            }
            case SECOND_ANSWER -> write(out, response(200, "", "hello") + response(200, "", "other"));
            case RESET_IN_BODY -> {
                write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                return reset(socket);
            }
            case WRONG_LENGTH -> {
                write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                return false;
            }
            case STALL_BEFORE_RESPONSE -> closed.await();
            case STALL_IN_BODY -> {
                write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                closed.await();
            }
            case SLOW_BODY -> {
                write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                for (byte b : "hello".getBytes(StandardCharsets.US_ASCII)) {
                    if (closed.await(SLOW_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                        return false;
                    }
                    out.write(b);
                    out.flush();
                }
            }
            case LONG_BODY -> {
                write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                String chunk = "1000\r\n" + "x".repeat(4096) + "\r\n";
                for (int i = 0; i < 256; i++) {
                    write(out, chunk);
                }
                write(out, "0\r\n\r\n");
            }
            case STORED -> write(out, response(200, "Cache-Control: private, max-age=0\r\n" + validators(), "hello"));
            case STORED_STRICTLY ->
                write(
                        out,
                        response(
                                200, "Cache-Control: private, max-age=0, must-revalidate\r\n" + validators(), "hello"));
            case FORBIDDEN -> write(out, response(403, "", "no"));
            case BUSY -> write(out, response(503, "", "later"));
            case BUSY_FOR_TWO_SECONDS -> write(out, response(429, "Retry-After: 2\r\n", "later"));
            case BUSY_UNTIL_A_DATE -> write(out, response(429, "Retry-After: " + date.get() + "\r\n", "later"));
            case BUSY_FOR_AN_HOUR -> write(out, response(503, "Retry-After: 3600\r\n", "later"));
            case ERROR -> write(out, response(500, "", "broken"));
        }
        return true;
    }

    private static String validators() {
        return "ETag: \"1\"\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC).format(Instant.now()) + "\r\n";
    }

    private static boolean reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        return false;
    }

    private static String response(int status, String fields, String body) {
        return "HTTP/1.1 " + status + " X\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static @Nullable String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.append((char) c);
            int n = head.length();
            if (n >= 4 && c == '\n' && head.charAt(n - 2) == '\r' && head.charAt(n - 3) == '\n') {
                return head.toString();
            }
        }
        return null;
    }

    private static String field(String head, String name, String missing) {
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                return line.substring(colon + 1).trim();
            }
        }
        return missing;
    }

    /** Closes the listeners and resets all connections; the addresses refuse connections from then on. */
    void die() throws IOException {
        synchronized (listeners) {
            for (ServerSocket listener : listeners) {
                listener.close();
            }
            listeners.clear();
        }
        for (Socket socket : sockets) {
            resetIfOpen(socket);
        }
    }

    private static void resetIfOpen(Socket socket) {
        try {
            reset(socket);
        } catch (IOException e) {
            // its own thread has closed it just now
        }
    }

    /** One address refuses connections from now on, and those there are end. */
    void die(InetAddress address) throws IOException {
        synchronized (listeners) {
            for (ServerSocket listener : listeners) {
                if (listener.getInetAddress().equals(address)) {
                    listener.close();
                }
            }
        }
        for (Socket socket : sockets) {
            if (socket.getLocalAddress().equals(address)) {
                resetIfOpen(socket);
            }
        }
    }

    void rise(InetAddress address) throws IOException {
        listen(address);
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        die();
    }
}
