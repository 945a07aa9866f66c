package io.github.hc5.utls.it.address;

import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;

/** So many requests, some of them at a time, and what came of them. */
final class Load {

    private final CloseableHttpAsyncClient client;
    private final String uri;
    private final AtomicInteger left;
    private final CountDownLatch done;
    private final Map<Object, AtomicInteger> results = new ConcurrentHashMap<>();

    private Load(CloseableHttpAsyncClient client, String uri, int count) {
        this.client = client;
        this.uri = uri;
        this.left = new AtomicInteger(count);
        this.done = new CountDownLatch(count);
    }

    static HotConnectionManagerBuilder manager(DnsResolver names) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {TestPki.SERVERS.trustManager()}, null);
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(
                        ClientTlsStrategyBuilder.create().setSslContext(context).buildAsync())
                .setDnsResolver(names)
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build());
    }

    static CloseableHttpAsyncClient client(HotConnectionManager manager) {
        CloseableHttpAsyncClient client =
                HttpAsyncClients.custom().setConnectionManager(manager).build();
        client.start();
        return client;
    }

    /** Sends the requests, so many at a time, and waits for them; returns how often each status or failure came. */
    static Map<Object, AtomicInteger> run(CloseableHttpAsyncClient client, String uri, int count, int atATime)
            throws InterruptedException {
        Load load = start(client, uri, count, atATime);
        return load.await();
    }

    static Load start(CloseableHttpAsyncClient client, String uri, int count, int atATime) {
        Load load = new Load(client, uri, count);
        for (int i = 0; i < atATime; i++) {
            load.next();
        }
        return load;
    }

    Map<Object, AtomicInteger> await() throws InterruptedException {
        if (!done.await(120, TimeUnit.SECONDS)) {
            throw new AssertionError(done.getCount() + " requests have no answer, so far " + results);
        }
        return results;
    }

    long answered() {
        return results.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells
    private void next() {
        if (left.getAndDecrement() <= 0) {
            return;
        }
        client.execute(SimpleHttpRequest.create("GET", uri), new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                ended(response.getCode());
            }

            @Override
            public void failed(Exception cause) {
                ended(cause.toString());
            }

            @Override
            public void cancelled() {
                ended("cancelled");
            }
        });
    }

    private void ended(Object result) {
        results.computeIfAbsent(result, r -> new AtomicInteger()).incrementAndGet();
        done.countDown();
        next();
    }
}
