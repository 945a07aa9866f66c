package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.pool.RecordingLogger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

@Timeout(60)
class WireLogTest {

    private final RecordingOwner owner = new RecordingOwner(HttpVersionPolicy.NEGOTIATE);

    @ParameterizedTest
    @CsvSource({"TRACE, OFF", "INFO, HEADS"})
    void ofHttp2HeadsAreShownAndSecretsAreNot(Level level, WireTracing tracing) throws Exception {
        List<String> lines = http2(level, tracing);

        assertThat(lines)
                .anyMatch(line -> line.startsWith(level + " wire.request connection=null stream=")
                        && line.contains(":method=\"GET\"")
                        && line.contains(":path=\"/account?***\"")
                        && line.contains(" x-plain=\"shown\"")
                        && line.contains(" authorization=\"***\"")
                        && line.contains(" cookie=\"***\" cookie=\"***\""))
                .anyMatch(line -> line.startsWith(level + " wire.response connection=null stream=")
                        && line.contains(":status=\"200\" server=\"peer\" set-cookie=\"***\""))
                .anyMatch(line -> line.matches("\\w+ wire.sent connection=null bytes=\\d+"))
                .anyMatch(line -> line.matches("\\w+ wire.received connection=null bytes=\\d+"))
                .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'))
                .noneMatch(line -> line.contains("s3cret"));
    }

    @ParameterizedTest
    @CsvSource({"TRACE, OFF", "INFO, HEADS"})
    void ofHttp1HeadsAreShownAndSecretsAreNot(Level level, WireTracing tracing) throws Exception {
        List<String> lines = http1(level, tracing);

        assertThat(lines)
                .anyMatch(line -> line.startsWith(level + " wire.request connection=null GET /account?*** Host=")
                        && line.contains(" X-Plain=\"shown\"")
                        && line.contains(" Authorization=\"***\"")
                        && line.contains(" Proxy-Authorization=\"***\"")
                        && line.contains(" Cookie=\"***\""))
                .anyMatch(line -> line.equals(level + " wire.response connection=null 200 Content-Length=\"12\""
                        + " Set-Cookie=\"***\" WWW-Authenticate=\"Basic realm=\\\"r\\\"\""
                        + " Location=\"https://***@host.example/a@b?***\""))
                .anyMatch(line -> line.matches("\\w+ wire.sent connection=null bytes=\\d+"))
                .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'))
                .noneMatch(line -> line.contains("s3cret"));
    }

    @ParameterizedTest
    @CsvSource({"DEBUG, OFF", "INFO, SIZES"})
    void sizesAloneAreNoHeads(Level level, WireTracing tracing) throws Exception {
        assertThat(http2(level, tracing))
                .isNotEmpty()
                .allMatch(line -> line.matches(level + " wire.(sent|received) connection=null bytes=\\d+"));
        assertThat(http1(level, tracing))
                .isNotEmpty()
                .allMatch(line -> line.matches(level + " wire.(sent|received) connection=null bytes=\\d+"));
    }

    @Test
    void nothingIsWrittenUnlessAskedFor() throws Exception {
        assertThat(http2(Level.INFO, WireTracing.OFF)).isEmpty();
        assertThat(http1(Level.INFO, WireTracing.OFF)).isEmpty();
    }

    private List<String> http2(Level level, WireTracing tracing) throws Exception {
        RecordingLogger logger = new RecordingLogger(level);
        try (TestClient client = client(logger, tracing);
                H2Peer peer = H2Peer.start(connection -> {
                    connection.handshake();
                    int stream = connection.request();
                    connection.headers(
                            stream, false, ":status", "200", "server", "peer", "set-cookie", "id=s3cret; Secure");
                    connection.send(H2Frames.DATA, H2Frames.END_STREAM, stream, bytes("s3cret body"));
                    connection.readToEnd();
                })) {
            assertThat(client.execute(client.connect(peer), request(), HttpCoreContext.create())
                            .body())
                    .isEqualTo("s3cret body");
        }
        return logger.lines;
    }

    private List<String> http1(Level level, WireTracing tracing) throws Exception {
        RecordingLogger logger = new RecordingLogger(level);
        try (TestClient client = client(logger, tracing);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(server), "answering");
            answering.start();
            InetSocketAddress address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
            assertThat(client.execute(client.connect(address, owner), request(), HttpCoreContext.create())
                            .body())
                    .isEqualTo("s3cret body!");
            answering.join();
        }
        return logger.lines;
    }

    private static void answer(ServerSocket server) {
        try (Socket socket = server.accept()) {
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) socket.getInputStream().read());
            }
            socket.getOutputStream()
                    .write(bytes(String.join(
                            "\r\n",
                            "HTTP/1.1 200 OK",
                            "Content-Length: 12",
                            "Set-Cookie: id=s3cret",
                            "WWW-Authenticate: Basic realm=\"r\"",
                            "Location: https://me:s3cret@host.example/a@b?code=s3cret",
                            "",
                            "s3cret body!")));
        } catch (IOException ex) {
            // the client's failure tells
        }
    }

    private static TestClient client(RecordingLogger logger, WireTracing tracing) {
        return new TestClient(UtlsEventHandlerFactory.builder()
                .setFingerprintPolicy(FingerprintPolicy.fixed(BrowserProfiles.find("firefox-153")))
                .setWireTarget(new WireLog.Target(logger, () -> tracing))
                .build());
    }

    private static AsyncRequestProducer request() {
        return TestClient.request("GET", "/account?token=s3cret")
                .addHeader("X-Plain", "shown")
                .addHeader("Authorization", "Bearer s3cret")
                .addHeader("Proxy-Authorization", "Basic s3cret")
                .addHeader("Cookie", "a=s3cret; b=s3cret2")
                .addHeader("X-Api-Key", "s3cret")
                .addHeader("X-Amz-Security-Token", "s3cret")
                .addHeader("Referer", "http://s3cret@host.example")
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
