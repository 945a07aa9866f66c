package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.fingerprint.RequestKind;
import io.github.hc5.utls.http.TestClient.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Given the same URLs, cookies and referrers, the bytes on the connection equal those of the browser: its start, the order of
 * pseudo-headers and headers, every HPACK choice, priorities, WINDOW_UPDATEs and bodies.
 */
@Timeout(60)
class CapturedWireTest {

    static Stream<CapturedWire> http2() throws IOException {
        return CapturedWire.all().stream().filter(capture -> !capture.isHttp1());
    }

    static Stream<CapturedWire> http1() throws IOException {
        return CapturedWire.all().stream().filter(CapturedWire::isHttp1);
    }

    @ParameterizedTest
    @MethodSource("http2")
    void connectionEqualsTheBrowsers(CapturedWire capture) throws Exception {
        JsonNode requests = capture.fields().path("requests");
        boolean settingsFirst = capture.fields().path("settings_first").asBoolean();
        List<String> expected = new ArrayList<>();
        expected.add(capture.fields().path("start").asText());
        requests.forEach(request -> expected.add(request.path("hex").asText()));
        CompletableFuture<List<String>> seen = new CompletableFuture<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            try {
                seen.complete(script(connection, requests, settingsFirst));
            } catch (Exception ex) {
                seen.completeExceptionally(ex);
            }
        })) {
            UtlsEventHandlerFactory factory = UtlsEventHandlerFactory.builder()
                    .setFingerprintPolicy(FingerprintPolicy.fixed(capture.profile()))
                    .build();
            try (TestClient client = new TestClient(factory)) {
                RecordingOwner owner = new RecordingOwner(HttpVersionPolicy.FORCE_HTTP_2);
                IOSession session = client.connect(peer.address(), owner);
                if (settingsFirst) {
                    owner.await("concurrency " + Integer.MAX_VALUE);
                }
                Map<Integer, Exchange> open = new TreeMap<>();
                for (JsonNode request : requests) {
                    for (int stream : List.copyOf(open.keySet())) {
                        if (stream != request.path("depends_on").asInt()) {
                            Objects.requireNonNull(open.remove(stream)).result();
                        }
                    }
                    open.put(request.path("stream").asInt(), execute(client, session, request));
                }
                assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(expected);
            }
        }
    }

    /** Reads request by request, and keeps open only the stream on which the next request depends. */
    private static List<String> script(H2Peer.Connection connection, JsonNode requests, boolean settingsFirst)
            throws Exception {
        List<String> seen = new ArrayList<>();
        connection.preface();
        connection.read(H2Frames.WINDOW_UPDATE);
        seen.add(HexFormat.of().formatHex(connection.raw()));
        if (settingsFirst) {
            connection.settings();
            assertThat(connection.read().has(H2Frames.ACK)).isTrue();
        }
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            int length = requests.get(i).path("hex").asText().length() / 2;
            int from = connection.raw().length;
            while (connection.raw().length < from + length) {
                connection.read();
            }
            seen.add(HexFormat.of().formatHex(connection.raw(), from, connection.raw().length));
            if (i == 0 && !settingsFirst) {
                connection.settings();
                assertThat(connection.read().has(H2Frames.ACK)).isTrue();
            }
            open.add(requests.get(i).path("stream").asInt());
            int kept = i + 1 < requests.size()
                    ? requests.get(i + 1).path("depends_on").asInt()
                    : -1;
            for (int stream : List.copyOf(open)) {
                if (stream != kept) {
                    connection.respond(stream, "x");
                    open.remove((Integer) stream);
                }
            }
        }
        return seen;
    }

    private static Exchange execute(TestClient client, IOSession session, JsonNode request) {
        AsyncRequestBuilder builder = AsyncRequestBuilder.create(
                        request.path("method").asText())
                .setUri(request.path("scheme").asText()
                        + "://"
                        + request.path("authority").asText()
                        + request.path("path").asText());
        request.path("given")
                .forEach(header -> builder.addHeader(
                        header.path(0).asText(), header.path(1).asText()));
        String body = request.path("body").asText();
        if (!body.isEmpty()) {
            builder.setEntity(
                    new BasicAsyncEntityProducer(body.getBytes(StandardCharsets.US_ASCII), ContentType.TEXT_PLAIN));
        }
        HttpCoreContext context = HttpCoreContext.create();
        context.setAttribute(
                ExchangeAttributes.REQUEST_KIND,
                RequestKind.valueOf(request.path("kind").asText()));
        return client.execute(session, builder.build(), context);
    }

    @ParameterizedTest
    @MethodSource("http1")
    void http1RequestEqualsTheBrowsers(CapturedWire capture) throws Exception {
        String expected = capture.fields().path("http1").asText();
        String target = expected.substring(expected.indexOf(' ') + 1, expected.indexOf(" HTTP/1.1"));
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (Socket socket = server.accept()) {
                    StringBuilder text = new StringBuilder();
                    InputStream in = socket.getInputStream();
                    while (text.indexOf("\r\n\r\n") < 0) {
                        text.append((char) in.read());
                    }
                    seen.complete(text.toString());
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
                                    .getBytes(StandardCharsets.US_ASCII));
                    in.read();
                } catch (IOException ex) {
                    seen.completeExceptionally(ex);
                }
            });
            thread.setDaemon(true);
            thread.start();
            UtlsEventHandlerFactory factory = UtlsEventHandlerFactory.builder()
                    .setFingerprintPolicy(FingerprintPolicy.fixed(capture.profile()))
                    .build();
            try (TestClient client = new TestClient(factory)) {
                IOSession session = client.connect(
                        new InetSocketAddress(server.getInetAddress(), server.getLocalPort()),
                        HttpVersionPolicy.NEGOTIATE);
                Exchange exchange = client.execute(
                        session,
                        AsyncRequestBuilder.get("https://fingerprint.test:8444" + target)
                                .addHeader("User-Agent", "Apache-HttpAsyncClient/5.6.5 (Java/17)")
                                .addHeader("Accept-Encoding", "gzip, x-gzip, deflate")
                                .addHeader("Host", "fingerprint.test:8444")
                                .addHeader("Connection", "keep-alive")
                                .build(),
                        HttpCoreContext.create());
                assertThat(exchange.body()).isEqualTo("hi");
            }
        }
        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(expected);
    }
}
