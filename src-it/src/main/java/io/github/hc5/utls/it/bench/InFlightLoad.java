package io.github.hc5.utls.it.bench;

import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/** One request again and again, so many at a time. A round at a time. */
final class InFlightLoad {

    private static final double GIGA = 1e9;
    private static final int MOST = 1 << 22;

    private final CloseableHttpAsyncClient client;
    private final SimpleHttpRequest request;
    private final int inFlight;
    private final long[] nanos = new long[MOST];

    /** What a round came to; {@code failure} is the first one. */
    record Round(
            double requestsPerSecond,
            long p99Nanos,
            int answered,
            int failed,
            @Nullable Exception failure) {

        /** @throws IllegalStateException if a request failed */
        Round whole() {
            if (failed > 0) {
                throw new IllegalStateException(failed + " requests failed", failure);
            }
            return this;
        }
    }

    InFlightLoad(CloseableHttpAsyncClient client, URI uri, int inFlight) {
        this.client = client;
        this.request = SimpleRequestBuilder.get(uri).build();
        this.inFlight = inFlight;
    }

    Round run(long roundNanos) throws InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long start = System.nanoTime();
        while (System.nanoTime() - start < roundNanos) {
            free.acquire();
            long sent = System.nanoTime();
            var unused = client.execute(request, new FutureCallback<SimpleHttpResponse>() {
                @Override
                public void completed(SimpleHttpResponse response) {
                    int index = answered.getAndIncrement();
                    if (index < MOST) {
                        nanos[index] = System.nanoTime() - sent;
                    }
                    free.release();
                }

                @Override
                public void failed(Exception cause) {
                    failure.compareAndSet(null, cause);
                    failed.incrementAndGet();
                    free.release();
                }

                @Override
                public void cancelled() {
                    failed(new IllegalStateException("cancelled"));
                }
            });
        }
        free.acquire(inFlight);
        double seconds = (System.nanoTime() - start) / GIGA;
        int count = Math.min(MOST, answered.get());
        Arrays.sort(nanos, 0, count);
        return new Round(
                answered.get() / seconds,
                count == 0 ? 0 : nanos[(int) (count * 0.99)],
                answered.get(),
                failed.get(),
                failure.get());
    }
}
