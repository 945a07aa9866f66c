package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A TLS connection that ends without a close_notify may have been cut by anybody: on the hot connection manager no
 * response that only such an end delimits is taken for whole, whoever's TLS it is.
 */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class TruncationTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    private final HotConnectionManager manager;
    private final CloseableHttpAsyncClient client;

    TruncationTest(EngineUnderTest subject) {
        manager = HotConnectionManagerBuilder.create()
                .setTlsStrategy(subject.tlsStrategy(TestAuthority.TRUSTED.trustManager()))
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build())
                .setDnsResolver(new SystemDefaultDnsResolver() {
                    @Override
                    public InetAddress[] resolve(String host) {
                        return new InetAddress[] {InetAddress.getLoopbackAddress()};
                    }
                })
                .build();
        client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .disableAutomaticRetries()
                .build();
        client.start();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
    }

    static Stream<Arguments> truncations() {
        return StockClientTest.truncations();
    }

    @ParameterizedTest
    @MethodSource("truncations")
    void anAnswerThatIsCutOffIsReported(String what, String answer) throws Exception {
        try (LoopbackServer server = LoopbackServer.tls(TestAuthority.TRUSTED.server(), (tls, raw) -> {
            readHead(tls.getInputStream());
            tls.getOutputStream().write(Messages.ascii(HEAD + answer));
            raw.close();
        })) {
            assertThat(catchThrowable(() -> get(server)))
                    .as(what)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
            assertThat(manager.snapshot().inFlight()).isZero();
        }
    }

    @Test
    void anAnswerThatEndsWithCloseNotifyIsWhole() throws Exception {
        try (LoopbackServer server = LoopbackServer.tls(TestAuthority.TRUSTED.server(), (tls, raw) -> {
            readHead(tls.getInputStream());
            tls.getOutputStream().write(Messages.ascii(HEAD + "Connection: close\r\n\r\nall of it"));
            tls.close();
        })) {
            assertThat(get(server).getBodyText()).isEqualTo("all of it");
        }
    }

    /** Many servers never send a close_notify; what tells its own end needs none. */
    @Test
    void anAnswerWithALengthNeedsNoCloseNotify() throws Exception {
        try (LoopbackServer server = LoopbackServer.tls(TestAuthority.TRUSTED.server(), (tls, raw) -> {
            readHead(tls.getInputStream());
            tls.getOutputStream().write(Messages.ascii(HEAD + "Content-Length: 9\r\n\r\nall of it"));
            raw.close();
        })) {
            assertThat(get(server).getBodyText()).isEqualTo("all of it");
        }
    }

    private SimpleHttpResponse get(LoopbackServer server) throws Exception {
        String uri = "https://" + TestAuthority.HOST + ':' + server.port() + "/";
        return client.execute(SimpleHttpRequest.create("GET", uri), null).get(30, TimeUnit.SECONDS);
    }

    private static void readHead(InputStream in) throws IOException {
        StockClientTest.readHead(in);
    }
}
