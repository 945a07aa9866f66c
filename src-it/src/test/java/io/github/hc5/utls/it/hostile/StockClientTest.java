package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.util.Timeout;
import org.bouncycastle.tls.ContentType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user of the stock HttpClient sees of a hostile server, and that the client is none the worse for it. */
@org.junit.jupiter.api.Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class StockClientTest {

    private static final Timeout AMPLE = Timeout.ofSeconds(20);
    private static final Timeout SHORT = Timeout.ofMilliseconds(700);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    private final EngineUnderTest subject;
    private final CountDownLatch over = new CountDownLatch(1);
    private final LoopbackServer sound;

    StockClientTest(EngineUnderTest subject) throws IOException {
        this.subject = subject;
        this.sound = soundServer();
    }

    @AfterEach
    void stop() throws IOException {
        over.countDown();
        sound.close();
    }

    private static LoopbackServer soundServer() throws IOException {
        return LoopbackServer.tls(TestAuthority.TRUSTED.server(), (tls, raw) -> {
            readHead(tls.getInputStream());
            write(tls, HEAD + "Content-Length: 5\r\n\r\nsound");
            tls.close();
        });
    }

    @Test
    void soundServerIsAnswered() throws Exception {
        try (StockClient client = new StockClient(subject, HttpVersionPolicy.FORCE_HTTP_1)) {
            checkThatItWorks(client);
        }
    }

    /** Servers that leave the client waiting in the middle of the handshake. */
    static Stream<Arguments> silences() {
        return Stream.of(
                Arguments.of("says nothing", new byte[0]),
                Arguments.of("says the header of a record", Messages.record(22, 0x0303, 100, new byte[0])),
                Arguments.of(
                        "says a part of a message",
                        Messages.record(22, 0x0303, Messages.announcing(2, 90, new byte[40]))),
                Arguments.of("changes its cipher", new byte[] {20, 3, 3, 0}));
    }

    @ParameterizedTest
    @MethodSource("silences")
    void handshakeTimeoutHolds(String what, byte[] answer) throws Exception {
        try (LoopbackServer silent = new LoopbackServer(socket -> {
                    socket.getInputStream().read(new byte[4_000]);
                    socket.getOutputStream().write(answer);
                    over.await();
                });
                StockClient client =
                        new StockClient(subject, HttpVersionPolicy.NEGOTIATE, host -> timeout(host, silent))) {
            Throwable refused = refused(client, silent.port());

            checkTimeout(refused, silent.port());
            checkThatItWorks(client);
        }
    }

    /** A byte now and then keeps a connection from ever being idle; the handshake must end nevertheless. */
    @Test
    void handshakeTimeoutHoldsAgainstADrip() throws Exception {
        assumeFalse(subject.isKnownToFail("a drip"), "its handshake timeout is one of idleness");
        try (LoopbackServer dripping = new LoopbackServer(socket -> {
                    socket.getInputStream().read(new byte[4_000]);
                    OutputStream out = socket.getOutputStream();
                    out.write(Messages.record(22, 0x0303, 16_000, new byte[0]));
                    while (!over.await(100, TimeUnit.MILLISECONDS)) {
                        out.write(2);
                    }
                });
                StockClient client =
                        new StockClient(subject, HttpVersionPolicy.NEGOTIATE, host -> timeout(host, dripping))) {
            Throwable refused = refused(client, dripping.port());

            checkTimeout(refused, dripping.port());
            checkThatItWorks(client);
        }
    }

    /** Servers that are not what they should be, or give up. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("plaintext HTTP", Messages.ascii("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")),
                Arguments.of("an SMTP banner", Messages.ascii("220 mail.server.test ESMTP\r\n")),
                Arguments.of("handshake_failure", Messages.record(ContentType.alert, 0x0303, new byte[] {2, 40})),
                Arguments.of("unrecognized_name", Messages.record(ContentType.alert, 0x0303, new byte[] {2, 112})),
                Arguments.of("a record too long", Messages.record(22, 0x0303, 0xffff, new byte[200])),
                Arguments.of("an end", new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalReachesTheCaller(String what, byte[] answer) throws Exception {
        try (LoopbackServer hostile = new LoopbackServer(socket -> {
                    socket.getInputStream().read(new byte[4_000]);
                    socket.getOutputStream().write(answer);
                    socket.shutdownOutput();
                    over.await();
                });
                StockClient client = new StockClient(subject, HttpVersionPolicy.NEGOTIATE)) {
            Throwable refused = refused(client, hostile.port());

            assertThat(refused).as(what).isInstanceOf(answer.length > 0 ? SSLException.class : IOException.class);
            if (subject.namesPeer() && answer.length > 0) {
                assertThat(refused).hasMessageContaining(TestAuthority.HOST + ':' + hostile.port());
            }
            checkThatItWorks(client);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.hc5.utls.it.hostile.CertificateMisdeed#all")
    void badCertificateReachesTheCaller(CertificateMisdeed misdeed) throws Exception {
        try (LoopbackServer hostile = LoopbackServer.tls(misdeed.credentials().get(), (tls, raw) -> {
                    readHead(tls.getInputStream());
                    write(tls, HEAD + "Content-Length: 0\r\n\r\n");
                });
                StockClient client = new StockClient(subject, HttpVersionPolicy.NEGOTIATE)) {
            Throwable refused = refused(client, hostile.port());

            assertThat(refused).as(misdeed.name()).isInstanceOf(SSLException.class);
            if (subject.namesPeer()) {
                assertThat(refused).hasMessageContaining(TestAuthority.HOST + ':' + hostile.port());
            }
            checkThatItWorks(client);
        }
    }

    /** Bodies that end before their end, by the end of the connection and without a close_notify. */
    static Stream<Arguments> truncations() {
        return Stream.of(
                Arguments.of("Content-Length", "Content-Length: 100\r\n\r\nonly so much"),
                Arguments.of("chunk", "Transfer-Encoding: chunked\r\n\r\n64\r\nonly so much"),
                Arguments.of("between chunks", "Transfer-Encoding: chunked\r\n\r\n4\r\nonly\r\n"),
                Arguments.of("close-delimited", "Connection: close\r\n\r\nonly so much"),
                Arguments.of("headers", "X-Half: a hea"));
    }

    @ParameterizedTest
    @MethodSource("truncations")
    void truncatedBodyIsReported(String what, String answer) throws Exception {
        assumeFalse(subject.isKnownToFail("truncated " + what), "takes a cut body for a whole one");
        try (LoopbackServer hostile = LoopbackServer.tls(TestAuthority.TRUSTED.server(), (tls, raw) -> {
                    readHead(tls.getInputStream());
                    write(tls, HEAD + answer);
                    raw.close();
                });
                StockClient client = new StockClient(subject, HttpVersionPolicy.FORCE_HTTP_1)) {
            Throwable refused = refused(client, hostile.port());

            assertThat(refused).as(what).isInstanceOf(IOException.class);
            checkThatItWorks(client);
        }
    }

    @Test
    void bodyThatEndsWithCloseNotifyIsWhole() throws Exception {
        try (LoopbackServer server = LoopbackServer.tls(TestAuthority.TRUSTED.server(), (tls, raw) -> {
                    readHead(tls.getInputStream());
                    write(tls, HEAD + "Connection: close\r\n\r\nall of it");
                    tls.close();
                });
                StockClient client = new StockClient(subject, HttpVersionPolicy.FORCE_HTTP_1)) {
            SimpleHttpResponse response = client.get(TestAuthority.HOST, server.port());

            assertThat(response.getBodyText()).isEqualTo("all of it");
        }
    }

    /** Garbage where the answer should be: the connection has been good so far. */
    @Test
    void corruptRecordInTheBodyReachesTheCaller() throws Exception {
        try (LoopbackServer hostile = LoopbackServer.tls(TestAuthority.TRUSTED.server(), (tls, raw) -> {
                    readHead(tls.getInputStream());
                    write(tls, HEAD + "Content-Length: 100\r\n\r\nonly so much");
                    raw.getOutputStream().write(Messages.record(23, 0x0303, new byte[200]));
                    over.await();
                });
                StockClient client = new StockClient(subject, HttpVersionPolicy.FORCE_HTTP_1)) {
            Throwable refused = refused(client, hostile.port());

            assertThat(refused).isInstanceOf(SSLException.class);
            if (subject.namesPeer()) {
                assertThat(refused).hasMessageContaining(TestAuthority.HOST + ':' + hostile.port());
            }
            checkThatItWorks(client);
        }
    }

    private static Timeout timeout(HttpHost host, LoopbackServer impatientWith) {
        return host.getPort() == impatientWith.port() ? SHORT : AMPLE;
    }

    private void checkTimeout(Throwable refused, int port) {
        assertThat(refused).isInstanceOf(IOException.class);
        if (subject.namesPeer()) {
            assertThat(refused)
                    .hasMessageContaining(TestAuthority.HOST + ':' + port)
                    .hasMessageContaining("handshake")
                    .hasMessageContaining("time");
        }
    }

    private static Throwable refused(StockClient client, int port) {
        Throwable thrown = catchThrowable(() -> client.get(TestAuthority.HOST, port));
        assertThat(thrown).as("what the caller of HttpClient sees").isNotNull();
        return thrown;
    }

    /** Nothing stays leased, and the next request succeeds. */
    private void checkThatItWorks(StockClient client) throws Exception {
        assertThat(client.stats().getLeased()).as("leases left behind").isZero();
        assertThat(client.get(TestAuthority.HOST, sound.port()).getBodyText()).isEqualTo("sound");
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(Messages.ascii(text));
        out.flush();
    }

    /** Reads a request up to the end of its head. */
    static void readHead(InputStream in) throws IOException {
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client left");
            }
            boolean expected = next == (matched % 2 == 0 ? '\r' : '\n');
            int restart = next == '\r' ? 1 : 0;
            matched = expected ? matched + 1 : restart;
        }
    }
}
