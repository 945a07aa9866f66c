package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.hc5.utls.fingerprint.RequestKind;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sizes of the TLS records, which any observer of the network sees, are those of the browser. */
@Timeout(60)
class TlsRecordsTest {

    /** The content type of TLS 1.3's inner plaintext and the tag of AES-GCM. */
    private static final int EXPANSION = 17;

    private static final int APPLICATION_DATA = 23;
    private static final int FRAME_HEADER = 9;

    static Stream<CapturedWire> navigations() throws IOException {
        return CapturedWire.all().stream().filter(capture -> capture.name().contains("navigation"));
    }

    @ParameterizedTest
    @MethodSource("navigations")
    void recordsHaveTheBrowsersSizes(CapturedWire capture) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.create();
        JsonNode request = capture.fields().path("requests").get(0);
        int start = capture.fields().path("start").asText().length() / 2;
        int headers = request.path("hex").asText().length() / 2;
        SSLServerSocket listener = (SSLServerSocket) certificate
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        listener.setSSLParameters(parameters);
        CompletableFuture<Void> served = new CompletableFuture<>();
        try (H2Peer peer = H2Peer.start(listener, connection -> {
                    connection.preface();
                    int stream = connection.request();
                    connection.settings();
                    connection.respond(stream, "ok");
                    H2Peer.Frame frame = connection.read();
                    while (!frame.has(H2Frames.ACK)) {
                        frame = connection.read();
                    }
                    served.complete(null);
                    connection.readToEnd();
                });
                Tap tap = new Tap(peer.address())) {
            TlsStrategy tls = new UtlsTlsStrategy(UtlsSslContext.builder()
                    .profile(capture.profile())
                    .trustStore(certificate.trustStore())
                    .build());
            // no policy: the profile is the one that the TLS session knows
            try (TestClient client =
                    new TestClient(UtlsEventHandlerFactory.builder().build())) {
                HttpHost target =
                        new HttpHost("https", "localhost", tap.address().getPort());
                IOSession session = client.connect(
                        tap.address(),
                        HttpVersionPolicy.NEGOTIATE,
                        (plain, secured) -> tls.upgrade((TransportSecurityLayer) plain, target, null, null, secured));
                HttpCoreContext context = HttpCoreContext.create();
                context.setAttribute(ExchangeAttributes.REQUEST_KIND, RequestKind.NAVIGATION);
                String url = "https://" + request.path("authority").asText()
                        + request.path("path").asText();
                assertThat(client.execute(session, AsyncRequestBuilder.get(url).build(), context)
                                .body())
                        .isEqualTo("ok");
                served.get(10, TimeUnit.SECONDS);
                List<Integer> sizes = tap.applicationRecords();
                int first = sizes.indexOf(start + EXPANSION);
                assertThat(first).as("record of the start in %s", sizes).isNotNegative();
                assertThat(sizes.subList(first, first + 3))
                        .containsExactly(start + EXPANSION, headers + EXPANSION, FRAME_HEADER + EXPANSION);
            }
        }
    }

    /** Passes bytes on in both directions, and notes the records of the client. */
    private static final class Tap implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final InetSocketAddress target;
        private final List<Integer> sizes = new CopyOnWriteArrayList<>();

        Tap(InetSocketAddress target) throws IOException {
            this.target = target;
            run(this::serve);
        }

        InetSocketAddress address() {
            return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
        }

        /** Returns the lengths of the client's encrypted records. */
        List<Integer> applicationRecords() {
            return List.copyOf(sizes);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }

        private void serve() throws IOException {
            Socket client = listener.accept();
            Socket server = new Socket(target.getAddress(), target.getPort());
            run(() -> {
                try (server;
                        client) {
                    server.getInputStream().transferTo(client.getOutputStream());
                }
            });
            try (client;
                    server) {
                records(client.getInputStream(), server.getOutputStream());
            }
        }

        private void records(InputStream source, OutputStream sink) throws IOException {
            DataInputStream in = new DataInputStream(source);
            while (true) {
                byte[] head = new byte[5];
                in.readFully(head);
                byte[] body = new byte[(head[3] & 0xFF) << 8 | (head[4] & 0xFF)];
                in.readFully(body);
                if (head[0] == APPLICATION_DATA) {
                    sizes.add(body.length);
                }
                sink.write(head);
                sink.write(body);
                sink.flush();
            }
        }

        private interface Step {
            void run() throws IOException;
        }

        private static void run(Step step) {
            Thread thread = new Thread(() -> {
                try {
                    step.run();
                } catch (IOException ex) {
                    // the connection is over
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }
}
