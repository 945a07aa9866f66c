package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.http.TestClient.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What could smuggle another header or request is refused before a byte of it is written, by name. */
@Timeout(60)
class RefusedRequestsTest {

    private static BasicHttpRequest request(String method, String path) {
        return new BasicHttpRequest(method, new HttpHost("http", "127.0.0.1", 80), path);
    }

    private static BasicHttpRequest header(String name, String value) {
        BasicHttpRequest request = request("GET", "/");
        request.addHeader(name, value);
        return request;
    }

    static Stream<Arguments> requests() {
        List<Arguments> hostile = List.of(
                Arguments.of(header("X-Evil", "a\r\nX-Other: b"), "'X-Evil'"),
                Arguments.of(header("X-Evil", "a\nb"), "'X-Evil'"),
                Arguments.of(header("X-Evil", "a\u0000b"), "'X-Evil'"),
                Arguments.of(header("X-Evil", "a\u0001b"), "'X-Evil'"),
                Arguments.of(header("X-Evil", "a\u007f"), "'X-Evil'"),
                Arguments.of(header("X-Evil", "\u010d\u010a"), "'X-Evil'"),
                Arguments.of(header("User-Agent", "a\rb"), "'User-Agent'"),
                Arguments.of(header("Cookie", "a=b\nc=d"), "'Cookie'"),
                Arguments.of(header("Referer", "http://a.test/\r\n"), "'Referer'"),
                Arguments.of(header("X Evil", "a"), "'X Evil'"),
                Arguments.of(header("X-Evil: a\r\nX-Other", "b"), "X-Other"),
                Arguments.of(header("X-Evil:", "a"), "'X-Evil:'"),
                Arguments.of(header(":path", "/other"), "':path'"),
                Arguments.of(header("X-\u00e9", "a"), "X-"),
                Arguments.of(request("GET", "/a HTTP/1.1\r\nX-Evil: b"), "path"),
                Arguments.of(request("GET", "/a b"), "path"),
                Arguments.of(request("GET", "/\u010a"), "path"),
                Arguments.of(request("GET /a HTTP/1.1\r\nX-Evil: b\r\n\r\nGET", "/"), "method"),
                Arguments.of(request("G T", "/"), "method"));
        return hostile.stream()
                .flatMap(each -> Stream.of("", "chrome-156", "firefox-153")
                        .flatMap(profile -> Stream.of(HttpVersionPolicy.FORCE_HTTP_1, HttpVersionPolicy.FORCE_HTTP_2)
                                .map(version -> Arguments.of(profile, version, each.get()[0], each.get()[1]))));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void hostileRequestIsRefused(String profile, HttpVersionPolicy version, BasicHttpRequest request, String named)
            throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> written = bytes(server);
            try (TestClient client = client(profile)) {
                IOSession session = client.connect(address(server), version);
                Exchange exchange =
                        client.execute(session, new BasicRequestProducer(request, null), HttpCoreContext.create());
                assertThat(exchange.failure())
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining(named);
            }
            assertThat(written.get(10, TimeUnit.SECONDS)).doesNotContain("X-Evil", "x-evil", "X-Other", "GET");
            assertThat(version == HttpVersionPolicy.FORCE_HTTP_1 ? written.get() : "")
                    .isEmpty();
        }
    }

    @Test
    void hostileTrailerEndsAnHttp1Exchange() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> written = bytes(server);
            try (TestClient client = client("")) {
                IOSession session = client.connect(address(server), HttpVersionPolicy.FORCE_HTTP_1);
                Exchange exchange = client.execute(
                        session,
                        TestClient.request("POST", "/")
                                .addHeader("Transfer-Encoding", "chunked")
                                .setEntity(new Trailing("X-Evil\r\nX-Other"))
                                .build(),
                        HttpCoreContext.create());
                assertThat(exchange.failure()).isInstanceOf(IOException.class).hasMessageContaining("X-Evil");
            }
            assertThat(written.get(10, TimeUnit.SECONDS)).doesNotContain("X-Evil");
        }
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    private static TestClient client(String profile) {
        UtlsEventHandlerFactory.Builder factory = UtlsEventHandlerFactory.builder();
        if (!profile.isEmpty()) {
            factory.setFingerprintPolicy(FingerprintPolicy.fixed(BrowserProfiles.find(profile)));
        }
        return new TestClient(factory.build());
    }

    /** Returns all that the first client to come has written once it is gone. */
    private static CompletableFuture<String> bytes(ServerSocket server) {
        CompletableFuture<String> written = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            StringBuilder all = new StringBuilder();
            try (Socket socket = server.accept()) {
                for (int octet = socket.getInputStream().read();
                        octet >= 0;
                        octet = socket.getInputStream().read()) {
                    all.append((char) octet);
                }
            } catch (IOException ex) {
                // reset: the client broke off
            }
            written.complete(all.toString());
        });
        thread.setDaemon(true);
        thread.start();
        return written;
    }

    /** A body with one trailer. */
    private record Trailing(String name) implements AsyncEntityProducer {

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            channel.write(ByteBuffer.wrap("body".getBytes(StandardCharsets.US_ASCII)));
            channel.endStream(List.of(new BasicHeader(name, "value")));
        }

        @Override
        public int available() {
            return 4;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void failed(Exception cause) {}

        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public @Nullable String getContentType() {
            return null;
        }

        @Override
        public @Nullable String getContentEncoding() {
            return null;
        }

        @Override
        public boolean isChunked() {
            return true;
        }

        @Override
        public Set<String> getTrailerNames() {
            return Set.of(name);
        }

        @Override
        public void releaseResources() {}
    }
}
