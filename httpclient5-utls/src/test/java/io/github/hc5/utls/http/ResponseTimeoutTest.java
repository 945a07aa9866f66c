package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.http.TestClient.Exchange;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60)
class ResponseTimeoutTest {

    private final ManualTimer timer = new ManualTimer();
    private final TestClient client =
            new TestClient(UtlsEventHandlerFactory.builder().setTimer(timer).build());

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void exchangeWithoutAnAnswerTimesOutAloneAndItsStreamIsReset() throws Exception {
        CountDownLatch seen = new CountDownLatch(2);
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int slow = connection.request();
            seen.countDown();
            int patient = connection.request();
            seen.countDown();
            H2Peer.Frame reset = connection.read(H2Frames.RST_STREAM);
            assertThat(reset.streamId()).isEqualTo(slow);
            assertThat(reset.int32(0)).isEqualTo(H2Error.CANCEL.getCode());
            connection.respond(patient, "late");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            Exchange slow = get(session, "/slow", Timeout.ofSeconds(5));
            Exchange patient = get(session, "/patient", Timeout.ofSeconds(50));
            assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
            timer.advance(Duration.ofMillis(4_999));
            assertThat(slow.isDone()).isFalse();
            timer.advance(Duration.ofMillis(1));
            assertThat(slow.failure())
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("5 SECONDS");
            assertThat(patient.body()).isEqualTo("late");
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    void anAnswerThatKeepsFlowingIsNotCutOff() throws Exception {
        CountDownLatch firstPart = new CountDownLatch(1);
        CountDownLatch moved = new CountDownLatch(1);
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            firstPart.countDown();
            moved.await(10, TimeUnit.SECONDS);
            connection.headers(stream, false, ":status", "200");
            connection.ping();
            timer.advance(Duration.ofSeconds(3));
            connection.ping();
            connection.send(H2Frames.DATA, H2Frames.END_STREAM, stream, new byte[] {'w', 'h', 'o', 'l', 'e'});
            connection.readToEnd();
        })) {
            Exchange exchange = get(client.connect(peer), "/", Timeout.ofSeconds(5));
            firstPart.await(10, TimeUnit.SECONDS);
            timer.advance(Duration.ofSeconds(3));
            moved.countDown();
            assertThat(exchange.body()).isEqualTo("whole");
        }
    }

    @Test
    void manyExchangesShareOneTimer() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            for (int i = 0; i < 20; i++) {
                connection.respond(connection.request(), "ok");
            }
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer);
            for (int i = 0; i < 20; i++) {
                get(session, "/" + i, Timeout.ofSeconds(5)).body();
            }
            assertThat(timer.pending()).isEqualTo(1);
        }
    }

    @Test
    void requestConfigurationSaysTheTimeoutToo() {
        HttpClientContext context = HttpClientContext.create();
        assertThat(ExchangeAttributes.responseTimeout(context)).isNull();
        context.setRequestConfig(
                RequestConfig.custom().setResponseTimeout(Timeout.ofSeconds(7)).build());
        assertThat(ExchangeAttributes.responseTimeout(context)).isEqualTo(Timeout.ofSeconds(7));
        context.setAttribute(ExchangeAttributes.RESPONSE_TIMEOUT, Timeout.DISABLED);
        assertThat(ExchangeAttributes.responseTimeout(context)).isNull();
    }

    private Exchange get(IOSession session, String path, Timeout responseTimeout) {
        HttpCoreContext context = HttpCoreContext.create();
        context.setAttribute(ExchangeAttributes.RESPONSE_TIMEOUT, responseTimeout);
        return client.execute(session, TestClient.request("GET", path).build(), context);
    }
}
