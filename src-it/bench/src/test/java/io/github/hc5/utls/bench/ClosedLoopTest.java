package io.github.hc5.utls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.bench.clients.LoadClient;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private static final List<URI> URIS = List.of(URI.create("https://a/"), URI.create("https://b/"));

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger toB = new AtomicInteger();

    private LoadClient client(LoadClientAnswer answer) {
        return new LoadClient() {
            @Override
            public void get(URI uri, Completion completion) {
                if ("b".equals(uri.getHost())) {
                    toB.incrementAndGet();
                }
                answer.to(sent.incrementAndGet(), completion);
            }

            @Override
            public void close() {}
        };
    }

    private interface LoadClientAnswer {

        void to(int request, LoadClient.Completion completion);
    }

    @Test
    void sendsAsManyAsAskedForAndCountsWhatCameBack() throws Exception {
        Outcome outcome = ClosedLoop.atOnce(client((request, c) -> c.completed(200, 33)), URIS, 10);

        assertThat(sent).hasValue(10);
        assertThat(toB).hasValue(5);
        assertThat(outcome.requests()).isEqualTo(10);
        assertThat(outcome.bodyBytes()).isEqualTo(330);
        assertThat(outcome.errors()).isZero();
    }

    @Test
    void countsFailuresAndOtherStatusesAndNamesTheFirst() throws Exception {
        LoadClient client = client((request, c) -> {
            if (request == 2) {
                c.failed(new IOException("reset"));
            } else {
                c.completed(request == 4 ? 503 : 200, 0);
            }
        });

        Outcome outcome = ClosedLoop.atOnce(client, URIS, 6);

        assertThat(outcome.requests()).isEqualTo(4);
        assertThat(outcome.errors()).isEqualTo(2);
        assertThat(outcome.error()).contains("reset");
    }

    @Test
    void answersFromInsideTheCallDoNotNestFurtherCalls() throws Exception {
        Outcome outcome = ClosedLoop.forTime(client((request, c) -> c.completed(200, 1)), URIS, 1, 50);

        // each would have been a stack frame deeper than the last
        assertThat(outcome.requests()).isGreaterThan(1_000);
    }

    @Test
    void requestThatThrowsIsAFailure() throws Exception {
        LoadClient client = client((request, c) -> {
            throw new IllegalStateException("closed");
        });

        assertThat(ClosedLoop.atOnce(client, URIS, 3).errors()).isEqualTo(3);
    }
}
