package io.github.hc5.utls.spring;

import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PrewarmProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;

/**
 * A pool of the application by its name: one {@link HotConnectionManager}, and one more with the same settings for each
 * further SSL bundle or {@code InetAddressFilter} that clients ask for, since connections cannot be shared across these.
 * All clients made here share those managers and live as long as the application context: closing a client closes
 * nothing. Thread-safe.
 */
public final class UtlsPool {

    private final String name;
    private final PoolParts parts;
    private final HttpClientSettings settings;
    private final ConcurrentHashMap<Transport, PoolParts.Made> opened = new ConcurrentHashMap<>();
    private final List<Consumer<HotConnectionManager>> watchers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    UtlsPool(String name, PoolParts parts, HttpClientSettings settings) {
        this.name = name;
        this.parts = parts;
        this.settings = settings;
        open(Transport.of(settings));
    }

    public String name() {
        return name;
    }

    MetricsSettings meters() {
        return parts.meters();
    }

    /** Returns the settings of clients that have none of their own. */
    public HttpClientSettings settings() {
        return settings;
    }

    /** Returns the manager of the clients that keep the pool's own SSL bundle and address filter. */
    public HotConnectionManager manager() {
        return open(Transport.of(settings)).manager();
    }

    /** Returns all managers, the pool's own first. */
    public List<HotConnectionManager> managers() {
        HotConnectionManager own = manager();
        List<HotConnectionManager> all = new ArrayList<>();
        all.add(own);
        opened.values().stream()
                .map(PoolParts.Made::manager)
                .filter(m -> m != own)
                .forEach(all::add);
        return List.copyOf(all);
    }

    /** Returns a client with the given settings and cookies of its own; {@code null}: the pool's settings. */
    public CloseableHttpAsyncClient asyncClient(@Nullable HttpClientSettings wanted) {
        return pooled(wanted, false);
    }

    /** Returns a blocking client with the given settings and cookies of its own; {@code null}: the pool's settings. */
    public CloseableHttpClient classicClient(@Nullable HttpClientSettings wanted) {
        return new PooledClassicClient(pooled(wanted, false));
    }

    /**
     * Puts the pool into a builder of clients of one's own: the manager of {@link #manager()}, which such a client leaves
     * open when it is closed, and the retries, timeouts, limits and exits of the configuration.
     */
    public HttpAsyncClientBuilder install(HttpAsyncClientBuilder client) {
        return open(Transport.of(settings)).install().apply(client).setConnectionManagerShared(true);
    }

    /** As {@link #asyncClient}, for requests that one of Spring's clients makes. */
    CloseableHttpAsyncClient springAsyncClient(@Nullable HttpClientSettings wanted) {
        return pooled(wanted, true);
    }

    /** As {@link #classicClient}, for requests that one of Spring's clients makes. */
    CloseableHttpClient springClassicClient(@Nullable HttpClientSettings wanted) {
        return new PooledClassicClient(pooled(wanted, true));
    }

    private PooledAsyncClient pooled(@Nullable HttpClientSettings wanted, boolean spring) {
        HttpClientSettings effective = wanted != null ? wanted : settings;
        return new PooledAsyncClient(open(Transport.of(effective)).client(), new RequestDefaults(effective, spring));
    }

    private PoolParts.Made open(Transport transport) {
        PoolParts.Made known = opened.get(transport);
        if (known != null) {
            return known;
        }
        if (closed) {
            throw new IllegalStateException("the pool '" + name + "' is closed");
        }
        boolean[] made = new boolean[1];
        PoolParts.Made result = opened.computeIfAbsent(transport, t -> {
            made[0] = true;
            return parts.make(t);
        });
        if (made[0]) {
            watchers.forEach(watcher -> watcher.accept(result.manager()));
        }
        return result;
    }

    /** Tells of each manager: of those there are now, the pool's own first, and of those that are yet to come. */
    void onManager(Consumer<HotConnectionManager> watcher) {
        managers().forEach(watcher);
        watchers.add(watcher);
    }

    /** Begins to open the connections that the configuration wants ready; returns how far each host has come. */
    List<PrewarmProgress> prewarm() {
        return open(Transport.of(settings)).prewarm().get();
    }

    /** Lets what is in flight finish within the close timeout of the settings, then ends all connections and threads. */
    void close() {
        closed = true;
        opened.values().stream().map(this::closer).toList().forEach(UtlsPool::join);
    }

    private Thread closer(PoolParts.Made one) {
        Thread thread = new Thread(
                () -> {
                    one.manager().close(CloseMode.GRACEFUL);
                    one.client().close(CloseMode.GRACEFUL);
                },
                "utls-close-" + name);
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
