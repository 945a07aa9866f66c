package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.resilience.Batch;
import io.github.hc5.utls.resilience.BatchExecutor;
import io.github.hc5.utls.resilience.BatchListener;
import io.github.hc5.utls.resilience.BatchSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.hc.client5.http.async.HttpAsyncClient;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of one request, fetched side by side, their results in the order in which they end.
 *
 * <p>Back-pressure: a URL enters the window before it is sent, and leaves it when the caller has taken its result. A caller
 * that reads slowly, or not at all, therefore holds up its own URLs and costs no more memory than its window. Each URL gets
 * exactly one result, whatever happens: what was not done when the stream was cancelled gets one that says so.
 *
 * <p>One thread takes the results; the rest is thread-safe.
 */
final class FetchStream {

    private static final BatchListener UNUSED = new BatchListener() {
        @Override
        public void completed(long index, SimpleHttpRequest request, SimpleHttpResponse response) {}

        @Override
        public void failed(long index, String target, Exception cause) {}
    };

    private final FetchOrder order;
    private final CrawlerSettings.Limits limits;
    private final TargetGuard guard;
    private final HttpAsyncClient client;
    private final Consumer<FetchResult> observer;
    private final FetchResults results;
    private final Semaphore window;
    private final BlockingQueue<FetchResult> ready = new LinkedBlockingQueue<>();
    private final Map<SimpleHttpRequest, FetchRequest> inFlight = new ConcurrentHashMap<>();
    private final Batch batch;
    private final CompletableFuture<?> done;

    /** Guarded by itself: which URLs have their result. */
    private final BitSet ended = new BitSet();

    private volatile boolean cancelled;

    /** Used by the thread that takes results. */
    private int taken;

    /**
     * Starts to fetch.
     *
     * @param observer told of each result when it is there; called by any thread
     */
    FetchStream(
            FetchOrder order,
            CrawlerSettings.Limits limits,
            TargetGuard guard,
            HttpAsyncClient client,
            Consumer<FetchResult> observer) {
        this.order = order;
        this.limits = limits;
        this.guard = guard;
        this.client = client;
        this.observer = observer;
        this.results = new FetchResults(order);
        this.window = new Semaphore(limits.window());
        BatchSettings settings = BatchSettings.builder()
                .concurrency(limits.concurrency())
                .maxPerHost(limits.perHost())
                .lookAhead(limits.window())
                .build();
        this.batch = new BatchExecutor(this::send, settings).execute(new Source(), UNUSED);
        this.done = batch.done().handle((progress, failure) -> {
            endTheRest(failure);
            return null;
        });
    }

    /**
     * Waits for the next result.
     *
     * @return it, or {@code null} when every URL has had its own
     */
    @Nullable
    FetchResult next() throws InterruptedException {
        if (taken == order.urls().size()) {
            return null;
        }
        FetchResult result = ready.take();
        taken++;
        window.release();
        return result;
    }

    /** Whether a result can be taken without waiting. */
    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** Whether nothing is sent until a result is taken. */
    boolean isHeldUp() {
        return window.hasQueuedThreads();
    }

    /** Sends no more and ends what is in flight; every URL still gets its result. */
    void cancel() {
        cancelled = true;
        batch.cancel();
        // the source may wait for its window
        window.release(limits.window());
    }

    /** Completes when nothing is in flight any more and every result is there to be taken. */
    CompletableFuture<?> done() {
        return done;
    }

    /** Returns how many URLs have no result yet. */
    int open() {
        synchronized (ended) {
            return order.urls().size() - ended.cardinality();
        }
    }

    private void end(FetchResult result) {
        synchronized (ended) {
            if (ended.get(result.index())) {
                return;
            }
            ended.set(result.index());
        }
        observer.accept(result);
        ready.add(result);
    }

    private void endTheRest(@Nullable Throwable failure) {
        for (int i = 0; i < order.urls().size(); i++) {
            boolean open;
            synchronized (ended) {
                open = !ended.get(i);
            }
            if (open) {
                FetchProblem problem = failure == null || failure instanceof CancellationException
                        ? FetchProblem.shuttingDown()
                        : FetchProblem.of(failure);
                end(FetchResults.refused(i, order.urls().get(i), problem));
            }
        }
    }

    private Future<SimpleHttpResponse> send(SimpleHttpRequest request, FutureCallback<SimpleHttpResponse> callback) {
        FetchRequest fetch = inFlight.get(request);
        if (fetch == null) {
            throw new IllegalStateException("not from the source: " + request);
        }
        fetch.startNanos = System.nanoTime();
        return client.execute(
                SimpleRequestProducer.create(request),
                new BoundedConsumer(fetch, limits.bodyBytes()),
                null,
                fetch.context,
                new FutureCallback<>() {
                    @Override
                    public void completed(SimpleHttpResponse response) {
                        over(fetch, response, null);
                        callback.completed(response);
                    }

                    @Override
                    public void failed(Exception cause) {
                        over(fetch, null, cause);
                        callback.failed(cause);
                    }

                    @Override
                    public void cancelled() {
                        over(fetch, null, new CancellationException());
                        callback.cancelled();
                    }
                });
    }

    private void over(FetchRequest fetch, @Nullable SimpleHttpResponse response, @Nullable Exception failure) {
        inFlight.remove(fetch.request);
        end(results.of(fetch, response, failure, System.nanoTime()));
    }

    /** The requests of the order; what cannot be requested ends here. Used by the batch's thread. */
    private final class Source implements Iterator<SimpleHttpRequest> {

        private int position;
        private @Nullable FetchRequest upcoming;

        @Override
        public boolean hasNext() {
            while (upcoming == null && position < order.urls().size()) {
                enterWindow();
                if (cancelled) {
                    return false;
                }
                String url = order.urls().get(position);
                try {
                    upcoming = new FetchRequest(position, url, uri(url), order);
                } catch (URISyntaxException e) {
                    end(FetchResults.refused(position, url, FetchProblem.invalidUrl(e.getReason())));
                } catch (TargetRefusedException e) {
                    end(FetchResults.refused(position, url, FetchProblem.of(e)));
                }
                position++;
            }
            return upcoming != null;
        }

        @Override
        public SimpleHttpRequest next() {
            FetchRequest next = upcoming;
            if (next == null) {
                throw new NoSuchElementException();
            }
            upcoming = null;
            inFlight.put(next.request, next);
            return next.request;
        }

        private void enterWindow() {
            try {
                window.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException();
            }
        }

        private URI uri(String url) throws URISyntaxException, TargetRefusedException {
            URI uri = new URI(url);
            String scheme = uri.getScheme();
            if (scheme == null || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
                throw new URISyntaxException(url, "its scheme must be http or https");
            }
            if (uri.getHost() == null) {
                throw new URISyntaxException(url, "it names no host");
            }
            if (uri.getUserInfo() != null) {
                throw new URISyntaxException(url, "it has user information before the host");
            }
            guard.check(scheme, uri.getHost(), uri.getPort());
            return uri;
        }
    }
}
