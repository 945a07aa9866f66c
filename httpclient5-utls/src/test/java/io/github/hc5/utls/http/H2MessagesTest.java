package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.http.H2Peer.Frame;
import io.github.hc5.utls.http.TestClient.Exchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.priority.PriorityValue;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in all their shapes, on connections that look like a browser's. */
@Timeout(60)
class H2MessagesTest {

    private final TestClient client = new TestClient(UtlsEventHandlerFactory.builder()
            .setFingerprintPolicy(FingerprintPolicy.fixed(BrowserProfiles.find("chrome-156")))
            .build());

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void requestHeadersLargerThanAFrameAreContinued() throws Exception {
        String large = "v".repeat(60_000);
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            Frame first = connection.read(H2Frames.HEADERS);
            assertThat(first.has(H2Frames.END_HEADERS)).isFalse();
            assertThat(first.payload().length).isEqualTo(16_384);
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.write(first.payload(), 5, first.payload().length - 5);
            Frame next = first;
            while (!next.has(H2Frames.END_HEADERS)) {
                next = connection.read();
                assertThat(next.type()).isEqualTo(H2Frames.CONTINUATION);
                assertThat(next.streamId()).isEqualTo(first.streamId());
                block.writeBytes(next.payload());
            }
            List<Header> fields = connection.decode(
                    new Frame(H2Frames.HEADERS, H2Frames.END_HEADERS, first.streamId(), block.toByteArray()));
            connection.respond(
                    first.streamId(),
                    Integer.toString(fields.stream()
                            .filter(field -> field.getName().equals("x-large"))
                            .findFirst()
                            .orElseThrow()
                            .getValue()
                            .length()));
            connection.readToEnd();
        })) {
            Exchange exchange = client.execute(
                    client.connect(peer),
                    TestClient.request("GET", "/").addHeader("X-Large", large).build(),
                    HttpCoreContext.create());
            assertThat(exchange.body()).isEqualTo("60000");
        }
    }

    @Test
    void responseHeadersMayBeContinued() throws Exception {
        String large = "w".repeat(60_000);
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            byte[] block = connection.block(":status", "200", "x-large", large);
            connection.send(H2Frames.HEADERS, 0, stream, Arrays.copyOf(block, 10));
            connection.send(H2Frames.CONTINUATION, 0, stream);
            connection.send(H2Frames.CONTINUATION, 0, stream, Arrays.copyOfRange(block, 10, 16_000));
            for (int at = 16_000; at < block.length; at += 16_000) {
                int end = Math.min(at + 16_000, block.length);
                int flags = end == block.length ? H2Frames.END_HEADERS : 0;
                connection.send(H2Frames.CONTINUATION, flags, stream, Arrays.copyOfRange(block, at, end));
            }
            connection.send(H2Frames.DATA, H2Frames.END_STREAM, stream);
            connection.readToEnd();
        })) {
            Exchange exchange = client.get(client.connect(peer), "/");
            assertThat(exchange.result().getHead().getFirstHeader("x-large").getValue())
                    .hasSize(60_000);
        }
    }

    @Test
    void responseHeadersBeyondTheLimitEndTheStreamOnly() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            byte[] block = connection.block(":status", "200", "x-large", "w".repeat(300_000), "x-after", "kept");
            for (int at = 0; at < block.length; at += 16_000) {
                int end = Math.min(at + 16_000, block.length);
                connection.send(
                        at == 0 ? H2Frames.HEADERS : H2Frames.CONTINUATION,
                        end == block.length ? H2Frames.END_HEADERS : 0,
                        stream,
                        Arrays.copyOfRange(block, at, end));
            }
            assertThat(connection.read(H2Frames.RST_STREAM).streamId()).isEqualTo(stream);
            int next = connection.request();
            connection.headers(next, true, ":status", "200", "x-after", "kept");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            assertThat(client.get(session, "/").failure()).isInstanceOf(ProtocolException.class);
            assertThat(client.get(session, "/")
                            .result()
                            .getHead()
                            .getFirstHeader("x-after")
                            .getValue())
                    .isEqualTo("kept");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_536})
    void peersHeaderTableIsFollowed(int size) throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake(1, size);
            for (int i = 0; i < 50; i++) {
                int stream = connection.request();
                connection.respond(stream, "ok");
            }
            connection.readToEnd();
        })) {
            IOSession session = connectAndAwaitSettings(peer);
            for (int i = 0; i < 50; i++) {
                Exchange exchange = client.execute(
                        session,
                        TestClient.request("GET", "/" + i)
                                .addHeader("Cookie", "session=" + "x".repeat(100 + i))
                                .build(),
                        HttpCoreContext.create());
                assertThat(exchange.body()).isEqualTo("ok");
            }
        }
    }

    @Test
    void settingsMayChangeDuringRequests() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake(1, 4096, 3, 10);
            for (int i = 0; i < 100; i++) {
                int stream = connection.request();
                connection.settings(1, i % 3 == 0 ? 0 : 64 * i, 4, 1000 + i, 5, 16_384 + i);
                connection.respond(stream, "ok" + i);
            }
            connection.readToEnd();
        })) {
            IOSession session = connectAndAwaitSettings(peer);
            for (int i = 0; i < 100; i++) {
                assertThat(client.get(session, "/" + i).body()).isEqualTo("ok" + i);
            }
        }
    }

    @Test
    void pushBeforeOurSettingsAreKnownIsRefusedAndLaterOnesEndTheConnection() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.preface();
            connection.settings();
            int stream = connection.request();
            ByteArrayOutputStream promise = new ByteArrayOutputStream();
            promise.writeBytes(ByteBuffer.allocate(4).putInt(2).array());
            promise.writeBytes(connection.block(
                    ":method", "GET", ":scheme", "https", ":authority", "a.test", ":path", "/pushed", "x-p", "pushed"));
            connection.send(H2Frames.PUSH_PROMISE, H2Frames.END_HEADERS, stream, promise.toByteArray());
            Frame reset = connection.read(H2Frames.RST_STREAM);
            assertThat(reset.streamId()).isEqualTo(2);
            assertThat(reset.int32(0)).isEqualTo(H2Error.REFUSED_STREAM.getCode());
            connection.headers(2, false, ":status", "200", "x-p", "pushed");
            connection.send(H2Frames.DATA, H2Frames.END_STREAM, 2, new byte[10]);
            connection.headers(stream, true, ":status", "200", "x-p", "pushed");
            int second = connection.request();
            connection.send(H2Frames.SETTINGS, H2Frames.ACK, 0);
            promise.reset();
            promise.writeBytes(ByteBuffer.allocate(4).putInt(4).array());
            promise.writeBytes(connection.block(":method", "GET"));
            connection.send(H2Frames.PUSH_PROMISE, H2Frames.END_HEADERS, second, promise.toByteArray());
            assertThat(connection.read(H2Frames.GOAWAY).int32(4)).isEqualTo(H2Error.PROTOCOL_ERROR.getCode());
        })) {
            IOSession session = client.connect(peer);
            Exchange exchange = client.get(session, "/");
            assertThat(exchange.result().getHead().getFirstHeader("x-p").getValue())
                    .isEqualTo("pushed");
            assertThat(client.get(session, "/").failure()).hasMessageContaining("push is disabled");
            peer.await();
        }
    }

    @Test
    void informationalResponsesAndTrailersAndPaddingAreUnderstood() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            connection.headers(stream, false, ":status", "103", "link", "</s.css>; rel=preload");
            connection.headers(stream, false, ":status", "200", "content-length", "4");
            connection.send(H2Frames.DATA, H2Frames.PADDED, stream, new byte[] {3, 'b', 'o', 'd', 'y', 0, 0, 0});
            connection.headers(stream, true, "x-checksum", "1");
            connection.readToEnd();
        })) {
            assertThat(client.get(client.connect(peer), "/").body()).isEqualTo("body");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void contentThatContradictsItsLengthIsAnError(int length) throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            connection.headers(stream, false, ":status", "200", "content-length", Integer.toString(length));
            connection.send(H2Frames.DATA, H2Frames.END_STREAM, stream, new byte[4]);
            connection.respond(connection.request(), "next");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            assertThat(client.get(session, "/").failure()).hasMessageContaining("Content-Length");
            assertThat(client.get(session, "/").body()).isEqualTo("next");
        }
    }

    @Test
    void expectContinueWaitsForThePeer() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            assertThat(connection.ping()).noneMatch(frame -> frame.type() == H2Frames.DATA);
            connection.headers(stream, false, ":status", "100");
            Frame data = connection.read(H2Frames.DATA);
            assertThat(data.has(H2Frames.END_STREAM)).isTrue();
            connection.respond(stream, new String(data.payload(), StandardCharsets.US_ASCII));
            int refused = connection.request();
            connection.headers(refused, true, ":status", "417");
            Frame reset = connection.read(H2Frames.RST_STREAM);
            assertThat(reset.streamId()).isEqualTo(refused);
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            assertThat(expectContinue(session).body()).isEqualTo("payload");
            assertThat(expectContinue(session).result().getHead().getCode()).isEqualTo(417);
        }
    }

    private Exchange expectContinue(IOSession session) {
        return client.execute(
                session,
                TestClient.request("POST", "/")
                        .addHeader("Expect", "100-continue")
                        .setEntity(new BasicAsyncEntityProducer("payload", ContentType.TEXT_PLAIN))
                        .build(),
                HttpCoreContext.create());
    }

    @Test
    void earlyAnswerThatStopsTheUploadIsAnAnswer() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            connection.respond(stream, "enough");
            connection.reset(stream, H2Error.NO_ERROR);
            connection.respond(connection.request(), "next");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            Exchange upload = client.execute(
                    session,
                    AsyncRequestBuilder.post("https://a.test/")
                            .setEntity(new BasicAsyncEntityProducer(
                                    new byte[1_000_000], ContentType.APPLICATION_OCTET_STREAM))
                            .build(),
                    HttpCoreContext.create());
            assertThat(upload.body()).isEqualTo("enough");
            assertThat(client.get(session, "/").body()).isEqualTo("next");
        }
    }

    @Test
    void promisedCodingsAreDecoded() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            byte[] coded = Zstd.compress("decoded".getBytes(StandardCharsets.US_ASCII));
            connection.headers(
                    stream,
                    false,
                    ":status",
                    "200",
                    "content-encoding",
                    "zstd",
                    "content-length",
                    Integer.toString(coded.length));
            connection.send(H2Frames.DATA, H2Frames.END_STREAM, stream, coded);
            int own = connection.request();
            connection.headers(own, false, ":status", "200", "content-encoding", "x-mine");
            connection.send(H2Frames.DATA, H2Frames.END_STREAM, own, new byte[] {'r', 'a', 'w'});
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            Exchange exchange = client.get(session, "/");
            assertThat(exchange.body()).isEqualTo("decoded");
            assertThat(exchange.result().getHead().containsHeader("content-encoding"))
                    .isFalse();
            assertThat(client.get(session, "/").body()).isEqualTo("raw");
        }
    }

    @Test
    void forbiddenHeaderIsRefusedBeforeAnythingIsWritten() throws Exception {
        List<Frame> seen = new ArrayList<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            Frame headers = connection.read(H2Frames.HEADERS);
            seen.add(headers);
            connection.decode(headers);
            connection.respond(headers.streamId(), "clean");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            Exchange injected = client.execute(
                    session,
                    TestClient.request("GET", "/")
                            .addHeader("X-Evil", "a\r\nX-B: c")
                            .build(),
                    HttpCoreContext.create());
            assertThat(injected.failure()).isInstanceOf(ProtocolException.class).hasMessageContaining("'X-Evil'");
            assertThat(client.get(session, "/").body()).isEqualTo("clean");
            assertThat(seen).singleElement().extracting(Frame::streamId).isEqualTo(1);
        }
    }

    /** HttpClient itself adds the header only where the context knows the version, which it does not yet. */
    @Test
    void priorityOfTheRequestConfigurationIsSent() throws Exception {
        UtlsEventHandlerFactory factory = UtlsEventHandlerFactory.builder()
                .setFingerprintPolicy(FingerprintPolicy.fixed(BrowserProfiles.find("chrome-156")))
                .build();
        List<String> priorities = new ArrayList<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            for (int i = 0; i < 4; i++) {
                Frame headers = connection.read(H2Frames.HEADERS);
                priorities.add(connection.decode(headers).stream()
                        .filter(field -> field.getName().equals("priority"))
                        .map(Header::getValue)
                        .collect(Collectors.joining("|")));
                connection.respond(headers.streamId(), "ok");
            }
        })) {
            try (TestClient browser = new TestClient(factory)) {
                IOSession session = browser.connect(peer);
                RequestConfig urgent = RequestConfig.custom()
                        .setH2Priority(PriorityValue.of(6, true))
                        .build();
                RequestConfig plain = RequestConfig.custom()
                        .setH2Priority(PriorityValue.defaults())
                        .build();
                for (RequestConfig config : List.of(RequestConfig.DEFAULT, urgent, plain)) {
                    HttpClientContext context = HttpClientContext.create();
                    context.setRequestConfig(config);
                    browser.execute(session, TestClient.request("GET", "/").build(), context)
                            .body();
                }
                HttpClientContext context = HttpClientContext.create();
                context.setRequestConfig(urgent);
                browser.execute(
                                session,
                                TestClient.request("GET", "/")
                                        .addHeader("Priority", "u=7")
                                        .build(),
                                context)
                        .body();
            }
        }
        assertThat(priorities).containsExactly("u=0, i", "u=6, i", "u=0, i", "u=7");
    }

    private IOSession connectAndAwaitSettings(H2Peer peer) throws Exception {
        RecordingOwner owner = new RecordingOwner(HttpVersionPolicy.FORCE_HTTP_2);
        IOSession session = client.connect(peer.address(), owner);
        while (owner.all().stream().noneMatch(report -> report.startsWith("concurrency"))) {
            Thread.onSpinWait();
        }
        return session;
    }
}
