package io.github.hc5.utls.samples.crawler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A site to fetch from, on a loopback address. */
final class TargetServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch released = new CountDownLatch(1);

    /** The paths asked for, in their order. */
    final Queue<String> asked = new ConcurrentLinkedQueue<>();

    TargetServer() throws IOException {
        this(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    TargetServer(InetAddress address) throws IOException {
        server = HttpServer.create(new InetSocketAddress(address, 0), 256);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Returns a URL of this server; what is below {@code /held} waits for {@link #release()}. */
    String url(String path) {
        return "http://localhost:" + port() + path;
    }

    void release() {
        released.countDown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        try (exchange) {
            if (path.startsWith("/held")) {
                released.await();
            }
            String query = exchange.getRequestURI().getQuery();
            if (path.equals("/redirect")) {
                exchange.getResponseHeaders().set("Location", query);
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            if (path.startsWith("/status/")) {
                exchange.sendResponseHeaders(Integer.parseInt(path.substring("/status/".length())), -1);
                return;
            }
            byte[] body = path.startsWith("/big/")
                    ? new byte[Integer.parseInt(path.substring("/big/".length()))]
                    : ("you asked for " + path + " with "
                                    + exchange.getRequestHeaders().getFirst("X-Own"))
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", path.startsWith("/big/") ? "application/octet-stream" : "text/plain");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
