package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.Octets;
import java.net.URI;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HttpClient 5's async client on its stock connection manager: as any application would build it, with the TLS strategy
 * as the one addition, and without the conveniences that would hide what a server answered (redirects, retries,
 * cookies).
 */
final class FetchClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FetchClient.class);

    private final FetchSettings settings;
    private final CloseableHttpAsyncClient client;
    private final ScheduledExecutorService deadlines;
    private volatile boolean closing;

    FetchClient(FetchSettings settings, TlsStrategy tls) {
        this.settings = settings;
        Timeout timeout = Timeout.of(settings.timeout());
        client = HttpAsyncClients.custom()
                .setConnectionManager(new ConnectTimer(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(tls)
                        .setDnsResolver(settings.names())
                        .setMaxConnPerRoute(settings.concurrency())
                        .setMaxConnTotal(
                                settings.concurrency() + settings.urls().size())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout)
                                .build())
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setHandshakeTimeout(timeout)
                                .setVersionPolicy(
                                        settings.http1() ? HttpVersionPolicy.FORCE_HTTP_1 : HttpVersionPolicy.NEGOTIATE)
                                .build())
                        .build()))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .build())
                .setIoReactorExceptionCallback(this::reactorFailed)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
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

    /** Sends the request number {@code index}; the listener hears of its end in any case, after the timeout at last. */
    void send(long index, URI uri, Exchange.Listener listener) {
        Exchange exchange = new Exchange(index, uri, settings.profile(), settings.timeout(), listener);
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
