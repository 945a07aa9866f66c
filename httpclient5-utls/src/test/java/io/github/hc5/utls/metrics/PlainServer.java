package io.github.hc5.utls.metrics;

import com.sun.net.httpserver.HttpServer;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http.nio.ssl.BasicClientTlsStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A server without TLS on 127.0.0.1 that every name leads to, and a client of it: {@code /status/N} answers N, all else
 * 200 and {@code hello}.
 */
final class PlainServer implements AutoCloseable {

    final HotConnectionManager manager;
    private final HttpServer server;
    private final CloseableHttpAsyncClient client;

    PlainServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            int status = path.startsWith("/status/") ? Integer.parseInt(path.substring("/status/".length())) : 200;
            byte[] body = "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        manager = HotConnectionManagerBuilder.create()
                .setTlsStrategy(new BasicClientTlsStrategy())
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build())
                .setDnsResolver(new DnsResolver() {
                    @Override
                    public InetAddress[] resolve(@Nullable String host) {
                        return new InetAddress[] {InetAddress.getLoopbackAddress()};
                    }

                    @Override
                    public String resolveCanonicalHostname(@Nullable String host) {
                        return String.valueOf(host);
                    }
                })
                .build();
        client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .disableAutomaticRetries()
                .build();
        client.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Returns the status. */
    int get(String host, String path) {
        Future<SimpleHttpResponse> answer =
                client.execute(SimpleHttpRequest.create("GET", "http://" + host + ":" + port() + path), null);
        try {
            return answer.get(10, TimeUnit.SECONDS).getCode();
        } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.stop(0);
    }
}
