package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a peer sends, the server answers the next one, and what it keeps stays within its bounds. */
class MirrorServerHostilityTest {

    private static final int HISTORY = 3;

    private MirrorServer server;

    @BeforeEach
    void start() throws IOException {
        server = MirrorServer.start(MirrorSettings.defaults().withHistorySize(HISTORY));
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Returns the first connection's record, after the server has answered another client and has ended. */
    private RecordedConnection recorded() throws Exception {
        assertStillAnswers();
        server.close();
        return server.connections().get(0);
    }

    private void assertStillAnswers() throws Exception {
        HttpClient client = TrustedClients.http(server, Version.HTTP_2);
        assertThat(TrustedClients.get(client, server, "alive")).contains("\"path\" : \"/alive\"");
    }

    static java.util.stream.Stream<Capture> captures() {
        return Capture.all();
    }

    /** Sends bytes, then nothing more, and waits until the server has closed the connection. */
    private void send(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(MirrorSettings.defaults().bindAddress(), server.port())) {
            socket.setSoTimeout((int) TrustedClients.TIMEOUT.toMillis());
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            awaitClose(socket.getInputStream());
        }
    }

    private static void awaitClose(InputStream in) throws IOException {
        try {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset"); // the server closed with bytes of ours unread
        }
    }

    @Test
    void garbage() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[1 + random.nextInt(5000)];
            random.nextBytes(noise);
            noise[0] = (byte) (i + 40);
            send(noise);
        }
        RecordedConnection recorded = recorded();
        assertThat(recorded.failure()).isNotNull();
        assertThat(recorded.clientHellos()).isEmpty();
    }

    @Test
    void garbageInTlsRecords() throws Exception {
        send(new byte[] {22, 3, 1, 0, 4, 1, 0, 0, 0});
        RecordedConnection recorded = recorded();
        assertThat(recorded.failure()).startsWith("handshake: ");
        assertThat(recorded.records()).extracting(TlsRecord::length).containsExactly(4);
    }

    @Test
    void plaintextHttp() throws Exception {
        send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        RecordedConnection recorded = recorded();
        assertThat(recorded.failure()).contains("not an SSL/TLS record");
    }

    @Test
    void nothingAtAll() throws Exception {
        send(new byte[0]);
        assertThat(recorded().failure()).startsWith("handshake: ");
    }

    @ParameterizedTest
    @MethodSource("captures")
    void aBrowsersHelloAndThenTheEnd(Capture capture) throws Exception {
        send(capture.clientHello());
        RecordedConnection recorded = recorded();
        assertThat(recorded.clientHellos())
                .singleElement()
                .extracting(hello -> hello.toByteArray())
                .isEqualTo(capture.clientHello());
        Fingerprints fingerprints = recorded.fingerprints();
        assertThat(fingerprints).isNotNull();
        assertThat(fingerprints.ja4()).isEqualTo(capture.text("ja4"));
        assertThat(fingerprints.ja4r()).isEqualTo(capture.text("ja4_r"));
        assertThat(fingerprints.ja3nHash()).isEqualTo(capture.text("ja3n_hash"));
        assertThat(recorded.tls()).isNull();
        assertThat(recorded.failure()).startsWith("handshake: ");
    }

    @Test
    void halfAHello() throws Exception {
        byte[] hello = Capture.of("chromium-156").clientHello();
        send(java.util.Arrays.copyOf(hello, hello.length / 2));
        RecordedConnection recorded = recorded();
        assertThat(recorded.clientHellos()).isEmpty();
        assertThat(recorded.failure()).startsWith("handshake: ");
    }

    @Test
    void garbageInsteadOfHttp2() throws Exception {
        speak("h2", "GET / HTTP/1.1\r\n\r\n".repeat(10).getBytes(StandardCharsets.US_ASCII));
        RecordedConnection recorded = recorded();
        assertThat(recorded.failure()).contains("preface");
    }

    @Test
    void brokenHpack() throws Exception {
        byte[] start = java.util.HexFormat.of()
                .parseHex("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a" + "000000040000000000"
                        + "000001010500000001ff");
        speak("h2", start);
        RecordedConnection recorded = recorded();
        assertThat(recorded.failure()).contains("ends within a header field");
        assertThat(recorded.frames()).hasSize(2);
    }

    @Test
    void garbageInsteadOfHttp1() throws Exception {
        speak("http/1.1", "\u0001\u0002 nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        RecordedConnection recorded = recorded();
        assertThat(recorded.failure()).startsWith("HTTP/1.1: ");
    }

    @Test
    void aHeadWithoutEnd() throws Exception {
        speak("http/1.1", ("GET / HTTP/1.1\r\nX: " + "x".repeat(400_000)).getBytes(StandardCharsets.US_ASCII));
        RecordedConnection recorded = recorded();
        assertThat(recorded.failure()).startsWith("HTTP/1.1: ");
        assertThat(recorded.http1Heads()).isEmpty();
    }

    @Test
    void manyConnectionsLeaveABoundedHistory() throws Exception {
        for (int i = 0; i < 5 * HISTORY; i++) {
            speak("http/1.1", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(server.connections()).extracting(RecordedConnection::id).containsExactly(13L, 14L, 15L);
        assertStillAnswers();
    }

    @Test
    void oneLongConnectionLeavesABoundedRecord() throws Exception {
        HttpClient client = TrustedClients.http(server, Version.HTTP_2);
        for (int i = 0; i < 1500; i++) {
            TrustedClients.get(client, server, "bytes/" + i);
        }
        RecordedConnection recorded = server.connections().get(0);
        assertThat(recorded.requests()).isEqualTo(1500);
        assertThat(recorded.records()).hasSize(ConnectionRecorder.MAX_RECORDS);
        assertThat(recorded.frames().size()).isLessThan(1500);
        assertThat(recorded.omitted()).isPositive();
    }

    /** Handshakes, sends bytes, and waits until the server has closed the connection. */
    private void speak(String protocol, byte[] bytes) throws Exception {
        try (SSLSocket socket = TrustedClients.socket(TrustedClients.tls(server), server)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write(bytes);
            awaitClose(socket.getInputStream());
        }
    }
}
