package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that get no answer: one line that names the host and the cause, and exit status 1. */
class FetchFailureTest {

    @TempDir
    Path directory = Path.of("");

    @Test
    void aRefusedPort() throws IOException {
        int port = unusedPort();
        assertFailure(
                Outcome.of("fetch", "https://localhost:" + port + "/"),
                "cannot connect to localhost:" + port + " (",
                "127.0.0.1",
                "refused");
    }

    @Test
    void aHostThatDoesNotExist() {
        assertFailure(
                Outcome.of("fetch", "https://does-not-exist.invalid/"),
                "cannot resolve the host name does-not-exist.invalid");
    }

    @Test
    void anUntrustedCertificate() throws IOException {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            Outcome outcome = Outcome.of("fetch", server.url());
            assertFailure(outcome, "localhost:" + server.port(), "certificate", "path");
            assertThat(outcome.err()).doesNotContain("sun.security");
        }
    }

    @Test
    void aCertificateOfAnotherHost() throws IOException {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            Path ca = directory.resolve("ca.pem");
            server.writeCa(ca);
            assertFailure(
                    Outcome.of(
                            "fetch",
                            "--ca",
                            ca.toString(),
                            "--resolve",
                            "other.test=127.0.0.1",
                            "https://other.test:" + server.port() + "/"),
                    "other.test",
                    "certificate");
        }
    }

    @Test
    void aServerThatSpeaksNoTls() throws IOException {
        assertFailure(answering("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"), "plaintext HTTP");
        assertFailure(answering("SSH-2.0-OpenSSH_9.2\r\n"), "not TLS");
    }

    @Test
    void aServerThatHangsUp() throws IOException {
        assertFailure(answering(""), "closed the connection during the TLS handshake");
    }

    @Test
    void aServerThatStaysSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFailure(
                    Outcome.of("fetch", "--timeout", "200ms", "https://localhost:" + silent.getLocalPort() + "/"),
                    "localhost:" + silent.getLocalPort(),
                    "within 0.2 s");
        }
    }

    @Test
    void anAnswerThatDoesNotEnd() throws IOException {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            Path ca = directory.resolve("ca.pem");
            server.writeCa(ca);
            assertFailure(
                    Outcome.of("fetch", "--ca", ca.toString(), "--timeout", "1500ms", server.url() + "delay/600000"),
                    "localhost:" + server.port(),
                    "gave no complete answer within 1.5 s");
        }
    }

    @Test
    void aBodyThatIsCutShort() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = answerOnce(listener, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            Outcome outcome = Outcome.of("fetch", "http://localhost:" + listener.getLocalPort() + "/");
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.errLines()).singleElement().asString().contains("localhost:" + listener.getLocalPort());
            join(server);
        }
    }

    private static Outcome answering(String answer) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = answerOnce(listener, answer);
            Outcome outcome = Outcome.of("fetch", "https://localhost:" + listener.getLocalPort() + "/");
            assertThat(outcome.err()).contains("localhost:" + listener.getLocalPort());
            join(server);
            return outcome;
        }
    }

    /** Reads the client's first bytes, answers and hangs up. */
    private static Thread answerOnce(ServerSocket listener, String answer) {
        Thread thread = new Thread(() -> {
            try (Socket socket = listener.accept()) {
                int first = socket.getInputStream().read(new byte[65_536]);
                assertThat(first).isPositive();
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                // Until the client has gone: to close on unread bytes would reset the connection before it reads.
                socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException clientGone) {
                // As wanted: it reports what it received.
            }
        });
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void assertFailure(Outcome outcome, String... parts) {
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .startsWith("utls: http")
                .contains(parts);
    }
}
