package io.github.hc5.utls.it.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.IOSessionListener;
import org.junit.jupiter.api.Test;

/** An application that sends its next request from the callback of the last is on the I/O thread: nothing needs to wake it. */
class RequestsFromCallbacksTest {

    private static final int REQUESTS = 200;

    /** What opening the connection takes: the handshake, the preface, the answer to SETTINGS. */
    private static final int OPENING = 20;

    private static final class WriteEvents implements IOSessionListener {

        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void outputReady(IOSession session) {
            count.incrementAndGet();
        }

        @Override
        public void connected(IOSession session) {}

        @Override
        public void startTls(IOSession session) {}

        @Override
        public void inputReady(IOSession session) {}

        @Override
        public void timeout(IOSession session) {}

        @Override
        public void exception(IOSession session, Exception ex) {}

        @Override
        public void disconnected(IOSession session) {}
    }

    @Test
    void goOutInTheTurnThatBroughtTheLastAnswer() throws Exception {
        WriteEvents events = new WriteEvents();

        requestOneAfterTheOther(Clients.hot()
                .setTlsStrategy(new UtlsTlsStrategy(UtlsSslContext.builder()
                        .profile(BrowserProfiles.find("chrome-156"))
                        .trustManager(TestPki.SERVERS.trustManager())
                        .build()))
                .setIOSessionListener(events)
                .build());

        assertThat(events.count).hasValueLessThan(OPENING);
    }

    private static void requestOneAfterTheOther(HotConnectionManager manager) throws Exception {
        try (FrameServer server = FrameServer.http2(Fine::new);
                CloseableHttpAsyncClient client = Clients.start(manager)) {
            CompletableFuture<Integer> all = new CompletableFuture<>();
            request(client, server.uri("/"), REQUESTS, all);
            assertThat(all.get(30, TimeUnit.SECONDS)).isZero();
        }
    }

    private static void request(CloseableHttpAsyncClient client, String url, int left, CompletableFuture<Integer> all) {
        Future<SimpleHttpResponse> unused =
                client.execute(SimpleRequestBuilder.get(url).build(), new FutureCallback<>() {
                    @Override
                    public void completed(SimpleHttpResponse response) {
                        if (left > 1) {
                            request(client, url, left - 1, all);
                        } else {
                            all.complete(0);
                        }
                    }

                    @Override
                    public void failed(Exception cause) {
                        all.completeExceptionally(cause);
                    }

                    @Override
                    public void cancelled() {
                        all.cancel(false);
                    }
                });
    }

    private static final class Fine extends Answers {

        @Override
        void request(ChannelHandlerContext context, Http2FrameStream stream, String path) {
            ok(context, stream);
        }
    }
}
