package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.UtlsParts;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.resilience.RetrySettings;
import java.net.URI;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HttpClient 5's async client: as any application would build it, with the connection manager as the one addition, and
 * without the conveniences that would hide what a server answered (redirects, retries, cookies).
 */
final class FetchClient implements AutoCloseable {

    private static final RetrySettings ONCE = RetrySettings.builder()
            .connectTries(1)
            .unstableTries(1)
            .bannedTries(1)
            .busyTries(1)
            .heldBody(0)
            .build();

    private static final Logger LOG = LoggerFactory.getLogger(FetchClient.class);

    private final FetchSettings settings;
    private final CloseableHttpAsyncClient client;
    private final ScheduledExecutorService deadlines;
    private volatile boolean closing;

    private final Openings openings;

    /**
     * A client on the given connection manager, with which it is closed.
     *
     * @param openings what the manager's openings are told to; nothing is known of connections it has not heard of
     */
    FetchClient(FetchSettings settings, AsyncClientConnectionManager manager, Openings openings) {
        this(settings, HttpAsyncClients.custom().setConnectionManager(manager).disableAutomaticRetries(), openings);
    }

    private FetchClient(FetchSettings settings, HttpAsyncClientBuilder builder, Openings openings) {
        this.settings = settings;
        this.openings = openings;
        Timeout timeout = Timeout.of(settings.timeout());
        client = builder.setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .build())
                .setIoReactorExceptionCallback(this::reactorFailed)
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "utls-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        deadlines = timer;
        client.start();
    }

    /** A client on a hot pool with a browser's TLS. */
    static FetchClient hot(FetchSettings settings, TlsStrategy tls) {
        Openings openings = new Openings();
        return new FetchClient(settings, ConnectionManagers.hot(settings, tls, openings), openings);
    }

    /**
     * A client with all that a configuration says but its retries.
     *
     * @param profile what every host sees, whatever the configuration says; null for what it says
     */
    static FetchClient configured(FetchSettings settings, UtlsConfig config, @Nullable BrowserProfile profile) {
        Openings openings = new Openings();
        UtlsParts parts = UtlsParts.builder()
                .tls(tls -> profile == null ? tls : tls.profile(profile))
                .manager(builder -> builder.setDnsResolver(settings.names()).addPoolListener(openings))
                .build(config);
        parts.prewarm();
        parts.resilience().setRetrySettings(ONCE);
        return new FetchClient(settings, parts.install(HttpAsyncClients.custom()), openings);
    }

    /** A client on HttpClient's own connection manager. */
    static FetchClient stock(FetchSettings settings, TlsStrategy tls) {
        return new FetchClient(settings, ConnectionManagers.stock(settings, tls), new Openings());
    }

    /** Sends the request number {@code index}; the listener hears of its end in any case, after the timeout at last. */
    void send(long index, URI uri, Exchange.Listener listener) {
        Exchange exchange = new Exchange(index, uri, settings.profile(), settings.timeout(), openings, listener);
        Future<Exchange> future =
                client.execute(HttpHost.create(uri), request(uri), exchange, null, exchange.context(), exchange);
        Future<?> deadline = deadlines.schedule(
                () -> {
                    if (exchange.expire()) {
                        future.cancel(true);
                    }
                },
                settings.timeout().toNanos(),
                TimeUnit.NANOSECONDS);
        exchange.endsAt(deadline);
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        closing = true;
        client.close(CloseMode.GRACEFUL);
    }

    /** A reactor that is closed while it works may say so; any other failure leaves requests to their timeouts. */
    private void reactorFailed(Exception problem) {
        if (!closing) {
            LOG.error("an I/O thread failed", problem);
        }
    }

    private AsyncRequestProducer request(URI uri) {
        AsyncRequestBuilder request =
                AsyncRequestBuilder.create(settings.method()).setUri(uri);
        boolean typed = false;
        for (Header header : settings.headers()) {
            request.addHeader(header);
            typed |= header.getName().equalsIgnoreCase(HttpHeaders.CONTENT_TYPE);
        }
        Octets body = settings.body();
        if (body != null) {
            request.setEntity(body.toByteArray(), typed ? null : ContentType.APPLICATION_FORM_URLENCODED);
        }
        return request.build();
    }
}
