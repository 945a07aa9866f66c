package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.async.HttpAsyncClient;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.core5.concurrent.BasicFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncPushConsumer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.HandlerFactory;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FetchStreamTest {

    private static final int WINDOW = 6;

    /** A client whose requests end when the test says so. */
    private static final class HeldClient implements HttpAsyncClient {

        private final Deque<BasicFuture<SimpleHttpResponse>> open = new ArrayDeque<>();
        private int begun;
        volatile boolean answersAtOnce;

        @Override
        @SuppressWarnings("unchecked")
        public <T> Future<T> execute(
                AsyncRequestProducer producer,
                AsyncResponseConsumer<T> consumer,
                @Nullable HandlerFactory<AsyncPushConsumer> pushes,
                HttpContext context,
                FutureCallback<T> callback) {
            BasicFuture<SimpleHttpResponse> future = new BasicFuture<>((FutureCallback<SimpleHttpResponse>) callback);
            synchronized (this) {
                open.add(future);
                begun++;
                notifyAll();
            }
            if (answersAtOnce) {
                future.completed(new SimpleHttpResponse(200));
            }
            return (Future<T>) future;
        }

        synchronized void awaitBegun(int n) throws InterruptedException {
            while (begun < n) {
                wait();
            }
        }

        synchronized int begun() {
            return begun;
        }

        void answer() throws InterruptedException {
            BasicFuture<SimpleHttpResponse> next;
            synchronized (this) {
                while (open.isEmpty()) {
                    wait();
                }
                next = open.removeFirst();
            }
            next.completed(new SimpleHttpResponse(200));
        }
    }

    private final HeldClient client = new HeldClient();
    private final Queue<FetchResult> observed = new ConcurrentLinkedQueue<>();

    private FetchStream stream(List<String> urls) {
        return new FetchStream(
                new FetchOrder(urls, FetchOrder.Method.GET, Map.of(), FetchOrder.Body.AUTO),
                new CrawlerSettings.Limits(1, 1, 1000, 3, 3, WINDOW, 1024, 1024),
                new TargetGuard(new CrawlerSettings.Targets(List.of("a.example"), List.of())),
                client,
                observed::add);
    }

    private static List<String> urls(int n) {
        return IntStream.range(0, n).mapToObj(i -> "http://a.example/" + i).toList();
    }

    @Test
    void aCallerThatDoesNotReadHoldsUpItsUrls() throws Exception {
        client.answersAtOnce = true;
        FetchStream stream = stream(urls(100));
        for (int taken = 0; taken < 100; taken++) {
            // the window is used up by results that nobody takes; each that is taken lets one more be sent
            int expected = Math.min(100, WINDOW + taken);
            client.awaitBegun(expected);
            Await.until(() -> expected == 100 || stream.isHeldUp());
            assertThat(client.begun()).isEqualTo(expected);
            assertThat(stream.next()).isNotNull();
        }
        assertThat(stream.next()).isNull();
        stream.done().join();
        assertThat(stream.open()).isZero();
    }

    @Test
    void everyUrlHasItsResultWhenTheStreamIsCancelled() throws Exception {
        FetchStream stream = stream(urls(50));
        client.awaitBegun(3);
        client.answer();
        stream.cancel();
        stream.done().join();
        Set<Integer> indexes = new HashSet<>();
        int done = 0;
        for (FetchResult result = stream.next(); result != null; result = stream.next()) {
            indexes.add(result.index());
            if (result.error() == null) {
                done++;
            } else {
                assertThat(result.error()).isEqualTo(FetchProblem.shuttingDown());
            }
        }
        assertThat(indexes).hasSize(50);
        assertThat(done).isEqualTo(1);
        assertThat(observed).hasSize(50);
    }

    @Test
    void refusedUrlsUseUpTheWindowToo() throws Exception {
        FetchStream stream =
                stream(IntStream.range(0, 20).mapToObj(i -> "http://b.example/").toList());
        int n = 0;
        for (FetchResult result = stream.next(); result != null; result = stream.next()) {
            assertThat(result.error()).isNotNull();
            n++;
            assertThat(observed.size()).isLessThanOrEqualTo(n + WINDOW);
        }
        assertThat(n).isEqualTo(20);
    }
}
