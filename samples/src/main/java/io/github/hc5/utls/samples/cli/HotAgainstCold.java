package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.Prewarm;
import io.github.hc5.utls.pool.PrewarmReport;
import io.github.hc5.utls.pool.RouteDiscovery;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Measures one URL twice: cold, where each request finds no connection and has to open its own, one after the other; and
 * hot, where connections were opened before and the requests are so many at once. Both on one pool, which the cold
 * requests are made to leave empty.
 */
final class HotAgainstCold implements AutoCloseable {

    /**
     * What came of one kind.
     *
     * @param name {@code cold} or {@code hot}
     * @param latencies of the requests that were answered
     * @param failed how many were not
     * @param concurrency how many were in flight at once
     * @param connections how many connections the answered requests used
     * @param elapsed from the first to the last
     * @param error why one failed, in one line; null if none did
     */
    record Measured(
            String name,
            Latencies latencies,
            long failed,
            int concurrency,
            int connections,
            Duration elapsed,
            @Nullable String error) {

        double perSecond() {
            return latencies.count() / (elapsed.toNanos() / 1e9);
        }
    }

    private final FetchSettings settings;
    private final URI url;
    private final HotConnectionManager manager;
    private final FetchClient client;

    HotAgainstCold(FetchSettings settings, TlsStrategy tls) {
        this.settings = settings;
        this.url = settings.urls().get(0);
        Openings openings = new Openings();
        this.manager = ConnectionManagers.hot(settings, tls, openings);
        this.client = new FetchClient(settings, manager, openings);
    }

    /** Each request on a connection of its own, one after the other. */
    Measured cold(int requests) throws InterruptedException {
        Run run = new Run(requests, 1);
        for (int i = 0; i < requests; i++) {
            manager.retireIdle();
            run.send(i);
            run.await();
        }
        return run.end("cold");
    }

    /**
     * Opens the connections first: one where the server speaks HTTP/2, else one for each request in flight.
     *
     * @throws IOException if they cannot be opened
     */
    Measured hot(int requests) throws IOException, InterruptedException {
        prewarm();
        Run run = new Run(requests, settings.concurrency());
        for (int i = 0; i < requests; i++) {
            run.send(i);
        }
        run.await();
        return run.end("hot");
    }

    private void prewarm() throws IOException, InterruptedException {
        HttpHost host = new HttpHost(url.getScheme(), url.getHost(), port());
        HttpRoute route = new HttpRoute(host, null, URIScheme.HTTPS.same(url.getScheme()));
        try {
            manager.retireIdle();
            RouteDiscovery found = manager.discover(route).get();
            if (!found.protocol().startsWith("HTTP/2")) {
                PrewarmReport report = manager.prewarm(Prewarm.of(route, settings.concurrency()))
                        .result()
                        .get();
                if (!report.isComplete()) {
                    throw new IOException(FailureText.of(url, report.failures().get(0)));
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause
                    ? new IOException(FailureText.of(url, cause), cause)
                    : new IOException(e.getCause());
        }
    }

    private int port() {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return URIScheme.HTTPS.same(url.getScheme()) ? 443 : 80;
    }

    @Override
    public void close() {
        client.close();
    }

    /** Requests of one kind, and what comes of them; one thread sends them. */
    private final class Run implements Exchange.Listener {

        private final Semaphore free;
        private final int concurrency;
        private final List<FetchResult> results;
        private final long beganNanos = System.nanoTime();

        Run(int requests, int concurrency) {
            this.concurrency = concurrency;
            this.free = new Semaphore(concurrency);
            this.results = new ArrayList<>(requests);
        }

        void send(long index) throws InterruptedException {
            free.acquire();
            client.send(index, url, this);
        }

        /** Waits until none is in flight. */
        void await() throws InterruptedException {
            free.acquire(concurrency);
            free.release(concurrency);
        }

        @Override
        public void body(Exchange exchange, byte[] piece, Runnable written) {
            written.run();
        }

        @Override
        public void over(Exchange exchange, FetchResult result) {
            synchronized (results) {
                results.add(result);
            }
            free.release();
        }

        Measured end(String name) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
            synchronized (results) {
                List<FetchResult> answered =
                        results.stream().filter(r -> r.error() == null).toList();
                return new Measured(
                        name,
                        Latencies.of(answered.stream()
                                .mapToLong(r -> r.elapsed().toNanos())
                                .toArray()),
                        results.size() - answered.size(),
                        concurrency,
                        (int) answered.stream()
                                .map(FetchResult::local)
                                .distinct()
                                .count(),
                        elapsed,
                        results.stream()
                                .map(FetchResult::error)
                                .filter(error -> error != null)
                                .findFirst()
                                .orElse(null));
            }
        }
    }
}
