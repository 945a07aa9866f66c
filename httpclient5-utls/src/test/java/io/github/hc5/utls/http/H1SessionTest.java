package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.http.TestClient.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/1.1 is HttpCore's; what is reported, refused and decoded is ours. */
@Timeout(60)
class H1SessionTest {

    private final RecordingOwner owner = new RecordingOwner(HttpVersionPolicy.NEGOTIATE);
    private final TestClient client = new TestClient(UtlsEventHandlerFactory.builder()
            .setFingerprintPolicy(FingerprintPolicy.fixed(BrowserProfiles.find("firefox-153")))
            .build());

    private ServerSocket server = new ServerSocket();

    H1SessionTest() throws IOException {}

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void exchangesAndTheirEndAreReported() throws Exception {
        serve(text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), text("HTTP/1.1 204 No Content\r\n\r\n"));
        IOSession session = connect();
        assertThat(get(session).body()).isEqualTo("hi");
        get(session).result();
        owner.await("exchange well");
        owner.await("exchange well");
        owner.await("draining");
        owner.await("ended well");
        assertThat(owner.all()).startsWith("started HTTP/1.1 1");
    }

    @Test
    void connectionThatIsNotKeptDrains() throws Exception {
        serve(text("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"));
        assertThat(get(connect()).body()).isEqualTo("hi");
        owner.await("draining");
        owner.await("ended well");
    }

    @Test
    void answerThatIsCutOffFailsItsExchange() throws Exception {
        serve(text("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi"));
        get(connect()).failure();
        owner.await("draining");
        owner.await("exchange ConnectionClosedException");
    }

    @Test
    void promisedCodingsAreDecoded() throws Exception {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
            gzip.write(text("decoded"));
        }
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        response.writeBytes(
                text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + coded.size() + "\r\n\r\n"));
        response.writeBytes(coded.toByteArray());
        serve(response.toByteArray());
        assertThat(get(connect()).body()).isEqualTo("decoded");
    }

    @Test
    void forbiddenHeaderIsRefusedBeforeAnythingIsWritten() throws Exception {
        serve();
        Exchange injected = client.execute(
                connect(),
                TestClient.request("GET", "/").addHeader("X-Evil", "a\u0001b").build(),
                HttpCoreContext.create());
        assertThat(injected.failure()).isInstanceOf(ProtocolException.class).hasMessageContaining("'X-Evil'");
    }

    private IOSession connect() throws Exception {
        return client.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), owner);
    }

    private Exchange get(IOSession session) {
        return client.get(session, "/");
    }

    /** Answers one request after the other, and closes. */
    private void serve(byte[]... responses) {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                for (byte[] response : responses) {
                    StringBuilder request = new StringBuilder();
                    while (request.indexOf("\r\n\r\n") < 0) {
                        request.append((char) socket.getInputStream().read());
                    }
                    socket.getOutputStream().write(response);
                }
                if (responses.length == 0) {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }
            } catch (IOException ex) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
