package io.github.hc5.utls.metrics;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The action {@code webhook}: posts JSON to a URL, with the JDK's client, so that it works when the pool does not. No call
 * waits for it: posts follow one another, each tried until it is answered with a status below 300, at most so often and
 * with growing pauses, then given up with a line in the log. Redirects are not followed.
 */
final class Webhook implements AlertAction {

    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    private static final int MOST_WAITING = 100;
    private static final long PAUSE_MILLIS = 1000;

    private final Supplier<AlertSettings> settings;
    private final Executor worker;
    private final long pauseMillis;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Guarded by this. */
    private @Nullable HttpClient client;

    /** Guarded by this: the last of the posts that follow one another. */
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    Webhook(Supplier<AlertSettings> settings) {
        this(settings, PAUSE_MILLIS);
    }

    Webhook(Supplier<AlertSettings> settings, long pauseMillis) {
        this.settings = settings;
        this.pauseMillis = pauseMillis;
        this.worker = worker();
    }

    /** One thread, while there is anything to post. */
    private static Executor worker() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "utls-webhook");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    @Override
    public void fired(AlertEvent event) {
        post(event);
    }

    @Override
    public void cleared(AlertEvent event) {
        post(event);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what comes before never fails
    private void post(AlertEvent event) {
        AlertSettings now = settings.get();
        URI uri = now.webhook();
        if (uri == null) {
            return;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            LOG.error(
                    "alert={} action=webhook is not told: {} posts wait",
                    event.rule().name(),
                    MOST_WAITING);
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(now.webhookTimeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json(event)))
                .build();
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<?> before;
        synchronized (this) {
            before = last;
            last = done;
        }
        before.thenRun(() -> attempt(new Post(request, event, now.webhookTries(), done), 1));
    }

    /** @param done completed, always normally, when it has been answered or given up */
    private record Post(HttpRequest request, AlertEvent event, int tries, CompletableFuture<Void> done) {}

    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are dealt with
    private void attempt(Post post, int number) {
        client().sendAsync(post.request(), HttpResponse.BodyHandlers.discarding())
                .whenCompleteAsync(
                        (response, failure) -> {
                            if (failure == null && response.statusCode() < 300) {
                                end(post);
                                return;
                            }
                            LOG.warn(
                                    "alert={} action=webhook url={} attempt={} of={} failed: {}",
                                    post.event().rule().name(),
                                    AlertSettings.masked(post.request().uri()),
                                    number,
                                    post.tries(),
                                    failure != null ? failure.toString() : "status " + response.statusCode());
                            if (number >= post.tries()) {
                                end(post);
                            } else {
                                later(number).execute(() -> attempt(post, number + 1));
                            }
                        },
                        worker);
    }

    private void end(Post post) {
        waiting.decrementAndGet();
        post.done().complete(null);
    }

    private Executor later(int number) {
        return CompletableFuture.delayedExecutor(
                pauseMillis << Math.min(10, number - 1), TimeUnit.MILLISECONDS, worker);
    }

    private synchronized HttpClient client() {
        HttpClient c = client;
        if (c == null) {
            c = HttpClient.newBuilder()
                    .executor(worker)
                    .connectTimeout(settings.get().webhookTimeout())
                    .build();
            client = c;
        }
        return c;
    }

    static String json(AlertEvent event) {
        AlertRule rule = event.rule();
        return String.format(
                Locale.ROOT,
                "{\"alert\":%s,\"state\":\"%s\",\"metric\":\"%s\",\"value\":%s,\"operator\":\"%s\",\"threshold\":%s,"
                        + "\"duration_seconds\":%d,\"at\":\"%s\"}",
                quoted(rule.name()),
                event.firing() ? "firing" : "cleared",
                rule.metric().key(),
                Double.isFinite(event.value()) ? Double.toString(event.value()) : "null",
                rule.operator().symbol(),
                Double.toString(rule.threshold()),
                rule.duration().toSeconds(),
                event.at());
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}
