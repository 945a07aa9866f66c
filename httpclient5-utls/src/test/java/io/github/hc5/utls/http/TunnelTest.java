package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.nio.support.BasicClientExchangeHandler;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session that asks a proxy for a tunnel in HTTP/1.1, starts TLS inside it, and goes on in HTTP/2. */
@Timeout(60)
class TunnelTest {

    @Test
    void protocolIsChosenAnewAfterTls() throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.create();
        SSLServerSocket listener = (SSLServerSocket) certificate
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        listener.setSSLParameters(parameters);
        CompletableFuture<String> connect = new CompletableFuture<>();
        try (H2Peer origin = H2Peer.start(listener, connection -> {
                    connection.handshake();
                    connection.respond(connection.request(), "through the tunnel");
                    connection.readToEnd();
                });
                ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestClient client = new TestClient(UtlsEventHandlerFactory.builder()
                        .setFingerprintPolicy(FingerprintPolicy.fixed(BrowserProfiles.find("chrome-156")))
                        .build())) {
            serve(proxy, origin.address(), connect);
            RecordingOwner owner = new RecordingOwner(HttpVersionPolicy.NEGOTIATE);
            IOSession session =
                    client.connect(new InetSocketAddress(proxy.getInetAddress(), proxy.getLocalPort()), owner);
            HttpRequest request = new BasicHttpRequest("CONNECT", new HttpHost("localhost", 443), "localhost:443");
            request.addHeader("Host", "localhost:443");
            request.addHeader("User-Agent", "Apache-HttpAsyncClient/5.6.5 (Java/17)");
            assertThat(tunnel(session, request).getHead().getCode()).isEqualTo(200);

            UtlsTlsStrategy tls = new UtlsTlsStrategy(UtlsSslContext.builder()
                    .profile(BrowserProfiles.find("chrome-156"))
                    .trustStore(certificate.trustStore())
                    .build());
            CompletableFuture<TransportSecurityLayer> secured = new CompletableFuture<>();
            tls.upgrade(
                    (TransportSecurityLayer) session,
                    new HttpHost("https", "localhost", 443),
                    null,
                    null,
                    TestClient.callback(secured));
            secured.get(15, TimeUnit.SECONDS);
            assertThat(client.execute(
                                    session,
                                    AsyncRequestBuilder.get("https://localhost/")
                                            .build(),
                                    HttpCoreContext.create())
                            .body())
                    .isEqualTo("through the tunnel");
            assertThat(owner.all()).containsSubsequence("started HTTP/1.1 1", "exchange well", "started HTTP/2.0 100");
            assertThat(connect.get(10, TimeUnit.SECONDS))
                    .isEqualTo("CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\nUser-Agent: "
                            + BrowserProfiles.find("chrome-156").headers().userAgent() + "\r\n\r\n");
        }
    }

    private static Message<HttpResponse, Void> tunnel(IOSession session, HttpRequest request) throws Exception {
        CompletableFuture<Message<HttpResponse, Void>> answer = new CompletableFuture<>();
        session.enqueue(
                new RequestExecutionCommand(
                        new BasicClientExchangeHandler<>(
                                new BasicRequestProducer(request, null),
                                new BasicResponseConsumer<>(new DiscardingEntityConsumer<>()),
                                TestClient.callback(answer)),
                        HttpCoreContext.create()),
                Command.Priority.NORMAL);
        return answer.get(15, TimeUnit.SECONDS);
    }

    private static void serve(ServerSocket proxy, InetSocketAddress target, CompletableFuture<String> connect) {
        run(() -> {
            Socket client = proxy.accept();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) client.getInputStream().read());
            }
            connect.complete(head.toString());
            Socket server = new Socket(target.getAddress(), target.getPort());
            client.getOutputStream()
                    .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            run(() -> server.getInputStream().transferTo(client.getOutputStream()));
            client.getInputStream().transferTo(server.getOutputStream());
        });
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
