package io.github.hc5.utls.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hc.client5.http.async.HttpAsyncClient;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.core5.concurrent.BasicFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncPushConsumer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.HandlerFactory;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchTest {

    /** A client whose requests end when the test says so. */
    private static final class HeldClient implements HttpAsyncClient {
        final Deque<BasicFuture<SimpleHttpResponse>> open = new ArrayDeque<>();
        final AtomicInteger begun = new AtomicInteger();
        int most;

        @Override
        @SuppressWarnings("unchecked")
        public <T> Future<T> execute(
                AsyncRequestProducer producer,
                AsyncResponseConsumer<T> consumer,
                HandlerFactory<AsyncPushConsumer> pushes,
                HttpContext context,
                FutureCallback<T> callback) {
            BasicFuture<SimpleHttpResponse> future = new BasicFuture<>((FutureCallback<SimpleHttpResponse>) callback);
            synchronized (this) {
                open.add(future);
                most = Math.max(most, open.size());
                begun.incrementAndGet();
                notifyAll();
            }
            return (Future<T>) future;
        }

        private synchronized BasicFuture<SimpleHttpResponse> take(boolean last) throws InterruptedException {
            while (open.isEmpty()) {
                wait();
            }
            return last ? open.removeLast() : open.removeFirst();
        }

        void answer(boolean last) throws InterruptedException {
            take(last).completed(new SimpleHttpResponse(200));
        }

        synchronized void awaitOpen(int n) throws InterruptedException {
            while (open.size() < n) {
                wait();
            }
        }
    }

    private static final class Results implements BatchListener {
        final List<Long> order = Collections.synchronizedList(new ArrayList<>());
        final List<String> hosts = Collections.synchronizedList(new ArrayList<>());
        final List<Exception> failures = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void completed(long index, SimpleHttpRequest request, SimpleHttpResponse response) {
            order.add(index);
            hosts.add(request.getAuthority().getHostName());
        }

        @Override
        public void failed(long index, String target, Exception cause) {
            order.add(index);
            failures.add(cause);
        }
    }

    private final HeldClient client = new HeldClient();
    private final Results results = new Results();

    private static Iterator<String> urls(int n, AtomicInteger read) {
        return IntStream.range(0, n)
                .peek(i -> read.incrementAndGet())
                .mapToObj(i -> "http://a.example/" + i)
                .iterator();
    }

    private BatchExecutor executor(BatchSettings.Builder settings) {
        return new BatchExecutor(client, settings.build());
    }

    @Test
    void readsNoFurtherAheadThanItMay() throws Exception {
        AtomicInteger read = new AtomicInteger();
        Batch batch =
                executor(BatchSettings.builder().concurrency(4).lookAhead(10)).executeUrls(urls(100, read), results);
        client.awaitOpen(4);
        for (int i = 0; i < 100; i++) {
            client.answer(false);
            // a result that was delivered makes room for one more
            assertThat(read.get()).isLessThanOrEqualTo(i + 1 + 10);
        }
        assertThat(batch.done().get().succeeded()).isEqualTo(100);
        assertThat(client.most).isEqualTo(4);
    }

    @Test
    void keepsTheOrderOfTheSource() throws Exception {
        Batch batch = executor(
                        BatchSettings.builder().concurrency(8).lookAhead(8).ordered(true))
                .executeUrls(urls(40, new AtomicInteger()), results);
        for (int i = 0; i < 5; i++) {
            client.awaitOpen(8);
            for (int k = 0; k < 8; k++) {
                client.answer(true);
            }
        }
        batch.done().get();
        assertThat(results.order).hasSize(40).isSorted();
    }

    @Test
    void aSlowHostDoesNotKeepTheOthersWaiting() throws Exception {
        Iterator<String> source = Stream.concat(
                        IntStream.range(0, 50).mapToObj(i -> "http://a.example/" + i),
                        IntStream.range(0, 10).mapToObj(i -> "http://b.example/" + i))
                .iterator();
        Batch batch = executor(
                        BatchSettings.builder().concurrency(4).maxPerHost(3).lookAhead(100))
                .executeUrls(source, results);
        client.awaitOpen(4);
        for (int i = 0; i < 60; i++) {
            client.answer(true);
        }
        batch.done().get();
        assertThat(results.hosts.subList(0, 10))
                .as("b has its turns while a has 40 waiting")
                .contains("b.example");
    }

    @Test
    void whatIsNoUrlFailsByItself() throws Exception {
        Batch batch = executor(BatchSettings.builder())
                .executeUrls(
                        List.of("nonsense", "ftp://a/", "http://", "ht tp://x").iterator(), results);

        assertThat(batch.done().get().failed()).isEqualTo(4);
        assertThat(results.failures).hasOnlyElementsOfType(InvalidUrlException.class);
        assertThat(client.begun).hasValue(0);
    }

    @Test
    void cancellingEndsWhatIsInFlight() throws Exception {
        Batch batch = executor(BatchSettings.builder().concurrency(4).lookAhead(4))
                .executeUrls(urls(1_000_000, new AtomicInteger()), results);
        client.awaitOpen(4);
        assertThat(batch.cancel()).isTrue();

        assertThatThrownBy(() -> batch.done().get(20, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThat(batch.progress().inFlight()).isZero();
        assertThat(batch.cancel()).isFalse();
    }

    @Test
    void aSourceThatFailsEndsTheBatchAfterWhatItGave() throws Exception {
        Iterator<String> source = Stream.of("http://a.example/", "boom")
                .map(url -> {
                    if (url.equals("boom")) {
                        throw new IllegalStateException("boom");
                    }
                    return url;
                })
                .iterator();
        Batch batch = executor(BatchSettings.builder()).executeUrls(source, results);
        client.answer(false);

        assertThatThrownBy(() -> batch.done().get()).hasRootCauseMessage("boom");
        assertThat(batch.progress().succeeded()).isEqualTo(1);
    }

    /** As many as a busy machine does in a few seconds: each has its threads, and the end of one is what races. */
    @Test
    void everyOneOfManyBatchesEnds() throws Exception {
        int batches = 20_000;
        long enough = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        Thread server = new Thread(() -> {
            try {
                for (int i = 0; i < batches; i++) {
                    client.answer(false);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.setDaemon(true);
        server.start();
        BatchExecutor executor = executor(BatchSettings.builder());
        for (int i = 0; i < batches && System.nanoTime() - enough < 0; i++) {
            Batch batch = executor.executeUrls(List.of("http://a.example/").iterator(), results);
            assertThat(batch.done().get(10, TimeUnit.SECONDS).succeeded()).isEqualTo(1);
        }
        server.interrupt();
    }

    @Test
    void takesAPublisher() throws Exception {
        CountDownLatch published = new CountDownLatch(1);
        SubmissionPublisher<SimpleHttpRequest> publisher = new SubmissionPublisher<>();
        Batch batch =
                executor(BatchSettings.builder().concurrency(2).lookAhead(4)).execute(publisher, results);
        Thread thread = new Thread(() -> {
            for (int i = 0; i < 500; i++) {
                publisher.submit(
                        SimpleRequestBuilder.get("http://a.example/" + i).build());
            }
            publisher.close();
            published.countDown();
        });
        thread.start();
        for (int i = 0; i < 500; i++) {
            client.answer(false);
        }
        published.await();
        assertThat(batch.done().get().succeeded()).isEqualTo(500);
    }
}
