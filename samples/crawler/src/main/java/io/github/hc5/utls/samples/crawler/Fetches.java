package io.github.hc5.utls.samples.crawler;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hc.client5.http.async.HttpAsyncClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;

/**
 * The requests to {@code /fetch} under way: so many at once, and on shutdown no new ones. What was accepted goes on for the
 * time that the settings give it; what is not done then is answered as such, so that nothing accepted is lost. The phase is
 * before the web server's, which goes on answering meanwhile. Thread-safe.
 */
final class Fetches implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Fetches.class);

    /** How long callers may take to read the last lines after the settings' time. */
    private static final long LAST_LINES_SECONDS = 5;

    private final CrawlerSettings settings;
    private final TargetGuard guard;
    private final HttpAsyncClient client;
    private final Consumer<FetchResult> observer;
    private final Semaphore room;

    /** Streams whose last result has not been taken, by what completes when it has. */
    private final Set<Open> streams = ConcurrentHashMap.newKeySet();

    private volatile boolean stopping;
    private volatile boolean running;

    Fetches(CrawlerSettings settings, TargetGuard guard, HttpAsyncClient client, Consumer<FetchResult> observer) {
        this.settings = settings;
        this.guard = guard;
        this.client = client;
        this.observer = observer;
        this.room = new Semaphore(settings.limits().streams());
    }

    /** One request to {@code /fetch}; closed by whoever answers it, when it is answered or cannot be. */
    final class Open implements AutoCloseable {

        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        final FetchStream stream;

        private Open(FetchStream stream) {
            this.stream = stream;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // its own end is of no interest
        public void close() {
            // ends it if its caller has gone; otherwise there is nothing left to end
            stream.cancel();
            stream.done().whenComplete((nothing, failure) -> {
                if (streams.remove(this)) {
                    room.release();
                    closed.complete(null);
                }
            });
        }
    }

    /**
     * Begins to fetch.
     *
     * @throws ProblemException if there is no room now, or the service ends
     */
    Open open(FetchOrder order) {
        if (!room.tryAcquire()) {
            throw new ProblemException(
                            HttpStatus.TOO_MANY_REQUESTS,
                            "busy",
                            "Too many requests at once",
                            settings.limits().streams() + " are being answered (crawler.limits.streams).")
                    .retryAfterSeconds(1);
        }
        Open open = null;
        try {
            synchronized (streams) {
                if (stopping) {
                    throw new ProblemException(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "shutting-down",
                                    "The service ends",
                                    "It takes no more requests; ask another instance.")
                            .retryAfterSeconds(1);
                }
                open = new Open(new FetchStream(order, settings.limits(), guard, client, observer));
                streams.add(open);
            }
            return open;
        } finally {
            if (open == null) {
                room.release();
            }
        }
    }

    /** Returns how many requests are being answered. */
    int streams() {
        return streams.size();
    }

    /** Returns how many URLs were accepted and have no result yet. */
    int urls() {
        return streams.stream().mapToInt(open -> open.stream.open()).sum();
    }

    // ---- life

    @Override
    public void start() {
        running = true;
    }

    /** Not in time to wait for: {@link #stop(Runnable)} is called. */
    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // its own end is of no interest
    public void stop(Runnable callback) {
        CompletableFuture<Void> drained;
        synchronized (streams) {
            stopping = true;
            drained = CompletableFuture.allOf(
                    streams.stream().map(open -> open.closed).toArray(CompletableFuture<?>[]::new));
        }
        LOG.info("Shutting down: {} requests with {} URLs are finished first", streams(), urls());
        drained.copy()
                .orTimeout(settings.shutdown().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(late -> {
                    LOG.warn("Not done in {}: {} URLs are answered as such", settings.shutdown(), urls());
                    streams.forEach(open -> open.stream.cancel());
                    return drained.copy().orTimeout(LAST_LINES_SECONDS, TimeUnit.SECONDS);
                })
                .whenComplete((nothing, failure) -> {
                    running = false;
                    callback.run();
                });
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
