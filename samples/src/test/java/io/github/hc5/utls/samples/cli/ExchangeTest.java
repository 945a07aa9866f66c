package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;

class ExchangeTest {

    private static final URI URL = URI.create("https://host.test/");

    private final List<FetchResult> results = new ArrayList<>();
    private final List<Runnable> unwritten = new ArrayList<>();
    private final List<Integer> granted = new ArrayList<>();
    private final Exchange exchange =
            new Exchange(7, URL, "chrome-156", Duration.ofSeconds(1), new Openings(), new Exchange.Listener() {
                @Override
                public void body(Exchange source, byte[] piece, Runnable written) {
                    unwritten.add(written);
                }

                @Override
                public void over(Exchange source, FetchResult result) {
                    results.add(result);
                }
            });

    @Test
    void thePeerGetsCapacityOnlyForWhatIsWritten() throws IOException {
        answer();
        exchange.consume(ByteBuffer.wrap(new byte[100]));
        exchange.consume(ByteBuffer.wrap(new byte[50]));
        exchange.updateCapacity(granted::add);
        assertThat(granted).isEmpty();
        unwritten.get(0).run();
        assertThat(granted).containsExactly(100);
        unwritten.get(1).run();
        exchange.updateCapacity(granted::add);
        assertThat(granted).containsExactly(100, 50);
    }

    @Test
    void whatWasWrittenBeforeThePeerAsksIsGrantedThen() throws IOException {
        answer();
        exchange.consume(ByteBuffer.wrap(new byte[100]));
        unwritten.get(0).run();
        assertThat(granted).isEmpty();
        exchange.updateCapacity(granted::add);
        assertThat(granted).containsExactly(100);
    }

    @Test
    void itEndsWhenItsConnectionIsBack() {
        answer();
        exchange.consume(ByteBuffer.wrap(new byte[3]));
        exchange.streamEnd(null);
        exchange.completed(exchange);
        assertThat(results).isEmpty();
        exchange.releaseResources();
        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.status()).isEqualTo(418);
            assertThat(result.protocol()).isEqualTo("http/1.1");
            assertThat(result.bytes()).isEqualTo(3);
            assertThat(result.error()).isNull();
        });
    }

    @Test
    void itEndsOnce() {
        exchange.failed(new IOException("first"));
        exchange.failed(new IOException("second"));
        exchange.cancelled();
        exchange.releaseResources();
        assertThat(exchange.expire()).isFalse();
        assertThat(results).singleElement().extracting(FetchResult::error).isEqualTo("host.test:443: first");
    }

    @Test
    void itsTimerEndsItWithAnError() {
        answer();
        assertThat(exchange.expire()).isTrue();
        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.status()).isNull();
            assertThat(result.error()).isEqualTo("host.test:443 gave no complete answer within 1 s");
        });
    }

    @Test
    void itsTimerDoesNotSpoilAnAnswerThatIsComplete() {
        answer();
        exchange.streamEnd(null);
        assertThat(exchange.expire()).isTrue();
        assertThat(results).singleElement().extracting(FetchResult::error).isNull();
    }

    @Test
    void itsTimerIsCancelledWhicheverComesFirst() {
        FutureTask<Void> before = new FutureTask<>(() -> {}, null);
        exchange.endsAt(before);
        assertThat(before.isCancelled()).isFalse();
        exchange.cancelled();
        assertThat(before.isCancelled()).isTrue();
        FutureTask<Void> after = new FutureTask<>(() -> {}, null);
        exchange.endsAt(after);
        assertThat(after.isCancelled()).isTrue();
    }

    private void answer() {
        BasicHttpResponse head = new BasicHttpResponse(418);
        head.setVersion(HttpVersion.HTTP_1_1);
        exchange.consumeResponse(head, new BasicEntityDetails(-1, null), exchange.context(), exchange);
    }
}
