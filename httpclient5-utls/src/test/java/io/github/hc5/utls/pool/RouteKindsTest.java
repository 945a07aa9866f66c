package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tunnels, SOCKS and Unix domain sockets. */
class RouteKindsTest {

    private static HotConnectionManagerBuilder manager(LoopbackServer server) {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(server.clientTls())
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build());
    }

    private static CloseableHttpAsyncClient start(HttpAsyncClientBuilder builder) {
        CloseableHttpAsyncClient client = builder.disableAutomaticRetries().build();
        client.start();
        return client;
    }

    private static SimpleHttpResponse get(CloseableHttpAsyncClient client, String uri) throws Exception {
        return client.execute(SimpleHttpRequest.create("GET", uri), null).get(30, TimeUnit.SECONDS);
    }

    @Test
    void aTunnelIsAuthenticatedByTheClientAndUsedAgain() throws Exception {
        BasicCredentialsProvider credentials = new BasicCredentialsProvider();
        credentials.setCredentials(new AuthScope(null, -1), new UsernamePasswordCredentials("u", "p".toCharArray()));
        try (LoopbackServer server = LoopbackServer.http2();
                Relay proxy = Relay.http("Basic dTpw");
                HotConnectionManager manager = manager(server).build();
                CloseableHttpAsyncClient client = start(HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .setDefaultCredentialsProvider(credentials)
                        .setProxy(new HttpHost("http", "localhost", proxy.port())))) {
            assertThat(get(client, server.uri("/")).getBodyText()).isEqualTo("hello");
            assertThat(get(client, server.uri("/")).getBodyText()).isEqualTo("hello");

            assertThat(proxy.requests).hasSize(2);
            assertThat(proxy.tunnels).hasValue(1);
            assertThat(manager.snapshot().routes().get(0).connections().get(0).protocol())
                    .isEqualTo("HTTP/2.0");
        }
    }

    @Test
    void aTunnelOutlivesAnAnswerThatWouldEndTheConnection() throws Exception {
        try (LoopbackServer server = LoopbackServer.http1();
                Relay proxy = Relay.http(null);
                HotConnectionManager manager = HotConnectionManagerBuilder.create()
                        .setTlsStrategy(server.clientTls())
                        .setConnectionReuseStrategy((request, response, context) -> false)
                        .build();
                CloseableHttpAsyncClient client = start(HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .setProxy(new HttpHost("http", "localhost", proxy.port())))) {
            // as old proxies say it, which in any other answer means that the connection is not kept
            proxy.granted = "HTTP/1.0 200 Connection established";
            assertThat(get(client, server.uri("/")).getBodyText()).isEqualTo("hello");
            assertThat(get(client, server.uri("/")).getBodyText()).isEqualTo("hello");

            assertThat(proxy.tunnels).hasValue(2);
        }
    }

    @Test
    void aTunnelIsPrewarmed() throws Exception {
        try (LoopbackServer server = LoopbackServer.http2();
                Relay proxy = Relay.http(null);
                HotConnectionManager manager = manager(server).build();
                CloseableHttpAsyncClient client = start(HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .setProxy(new HttpHost("http", "localhost", proxy.port())))) {
            HttpRoute route = new HttpRoute(
                    new HttpHost("https", "localhost", server.port()),
                    null,
                    new HttpHost("http", "localhost", proxy.port()),
                    true,
                    RouteInfo.TunnelType.TUNNELLED,
                    RouteInfo.LayerType.LAYERED);
            PrewarmReport report = manager.prewarm(route, 1).result().get(30, TimeUnit.SECONDS);
            assertThat(report.isComplete()).as("%s", report).isTrue();

            assertThat(get(client, server.uri("/")).getBodyText()).isEqualTo("hello");
            assertThat(proxy.tunnels).hasValue(1);
        }
    }

    @Test
    void aProxyThatRefusesTheTunnelFailsThePrewarming() throws Exception {
        try (LoopbackServer server = LoopbackServer.http2();
                Relay proxy = Relay.http("Basic never");
                HotConnectionManager manager = manager(server).build()) {
            HttpRoute route = new HttpRoute(
                    new HttpHost("https", "localhost", server.port()),
                    null,
                    new HttpHost("http", "localhost", proxy.port()),
                    true,
                    RouteInfo.TunnelType.TUNNELLED,
                    RouteInfo.LayerType.LAYERED);
            PrewarmReport report = manager.prewarm(Prewarm.of(route, 1).withRetries(0))
                    .result()
                    .get(30, TimeUnit.SECONDS);

            assertThat(report.failures())
                    .singleElement()
                    .satisfies(f -> assertThat(f).hasMessageContaining("refused a tunnel to localhost"));
            Await.until("nothing is open", () -> manager.snapshot().open() == 0);
        }
    }

    @Test
    void socksByTheReactorsConfig() throws Exception {
        try (LoopbackServer server = LoopbackServer.http2();
                Relay proxy = Relay.socks();
                HotConnectionManager manager = manager(server)
                        .setIOReactorConfig(IOReactorConfig.custom()
                                .setSocksProxyAddress(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()))
                                .build())
                        .build();
                CloseableHttpAsyncClient client =
                        start(HttpAsyncClients.custom().setConnectionManager(manager))) {
            assertThat(get(client, server.uri("/")).getBodyText()).isEqualTo("hello");
            assertThat(proxy.tunnels).hasValue(1);
        }
    }

    @Test
    void aUnixDomainSocket(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("http.sock");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                LoopbackServer tls = LoopbackServer.http1();
                HotConnectionManager manager = manager(tls).build();
                CloseableHttpAsyncClient client = start(HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .setDefaultRequestConfig(RequestConfig.custom()
                                .setUnixDomainSocket(socket)
                                .build()))) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            Thread server = new Thread(() -> answerOnce(listener), "unix-server");
            server.setDaemon(true);
            server.start();

            assertThat(get(client, "http://localhost/").getBodyText()).isEqualTo("unix");
        }
    }

    private static void answerOnce(ServerSocketChannel listener) {
        try (SocketChannel channel = listener.accept()) {
            ByteBuffer request = ByteBuffer.allocate(4096);
            do {
                channel.read(request);
            } while (!new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII)
                    .endsWith("\r\n\r\n"));
            channel.write(StandardCharsets.US_ASCII.encode("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nunix"));
            channel.read(request.clear());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
