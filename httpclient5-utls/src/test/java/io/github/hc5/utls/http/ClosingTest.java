package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that waits for its peer to close must not keep the I/O thread busy. */
@Timeout(60)
class ClosingTest {

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void waitsForNoWriteEventOnceItHasSaidGoodbye(String protocol) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.create();
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch checked = new CountDownLatch(1);
        try (SSLServerSocket listener = (SSLServerSocket) certificate
                        .server()
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestClient client = TestClient.ours()) {
            SSLParameters parameters = listener.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            listener.setSSLParameters(parameters);
            Thread peer = new Thread(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.getInputStream().readAllBytes();
                    heard.countDown();
                    checked.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            peer.start();
            TlsStrategy tls = new UtlsTlsStrategy(UtlsSslContext.builder()
                    .profile(BrowserProfiles.find("chrome-156"))
                    .trustStore(certificate.trustStore())
                    .build());
            HttpHost target = new HttpHost("https", "localhost", listener.getLocalPort());
            IOSession session = client.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()),
                    HttpVersionPolicy.NEGOTIATE,
                    (plain, secured) -> tls.upgrade((TransportSecurityLayer) plain, target, null, null, secured));
            // so that the socket timeout of closing sessions, one second where there is none, cannot end the wait below
            session.setSocketTimeout(org.apache.hc.core5.util.Timeout.ofSeconds(50));

            session.enqueue(ShutdownCommand.GRACEFUL, Command.Priority.IMMEDIATE);

            assertThat(heard.await(15, TimeUnit.SECONDS)).isTrue();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
            while (wantsToWrite(session) && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            assertThat(session.getStatus()).isEqualTo(IOSession.Status.CLOSING);
            assertThat(wantsToWrite(session)).isFalse();
            checked.countDown();
            peer.join(15_000);
        }
    }

    private static boolean wantsToWrite(IOSession session) {
        return (session.getEventMask() & SelectionKey.OP_WRITE) != 0;
    }
}
