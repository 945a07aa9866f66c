package io.github.hc5.utls.it.bench;

import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/** What the stock client does, over whatever TLS it is given. Each kind counts in a unit of its own. */
enum TlsWorkload {
    HANDSHAKES("full handshakes", "/s") {
        @Override
        CloseableHttpAsyncClient client(TlsStrategy tls) {
            return HttpAsyncClients.custom()
                    .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                            .setTlsStrategy(tls)
                            .setDefaultTlsConfig(http1())
                            .build())
                    .setConnectionReuseStrategy((request, response, context) -> false)
                    .disableContentCompression()
                    .build();
        }

        @Override
        double run(CloseableHttpAsyncClient client, URI server, long nanos) throws Exception {
            return sequentially(client, server, nanos);
        }
    },

    BULK("bulk download", "MB/s") {
        @Override
        CloseableHttpAsyncClient client(TlsStrategy tls) {
            return http1Client(tls);
        }

        @Override
        double run(CloseableHttpAsyncClient client, URI server, long nanos) throws Exception {
            long end = System.nanoTime() + nanos;
            double megabytes = 0;
            while (System.nanoTime() < end) {
                SimpleHttpRequest request = SimpleRequestBuilder.get(server.resolve("bytes/" + BULK_BYTES))
                        .build();
                long received = client.execute(new BasicRequestProducer(request, null), new Discarding(), null)
                        .get();
                if (received != BULK_BYTES) {
                    throw new IllegalStateException("received " + received + " of " + BULK_BYTES + " bytes");
                }
                megabytes += received / 1e6;
            }
            return megabytes;
        }
    },

    SMALL_HTTP_1("GET 33 B, one in flight, HTTP/1.1", "/s") {
        @Override
        CloseableHttpAsyncClient client(TlsStrategy tls) {
            return http1Client(tls);
        }

        @Override
        double run(CloseableHttpAsyncClient client, URI server, long nanos) throws Exception {
            return sequentially(client, server, nanos);
        }
    },

    SMALL_HTTP_2("GET 33 B, 16 in flight, h2", "/s") {
        @Override
        CloseableHttpAsyncClient client(TlsStrategy tls) {
            return HttpAsyncClients.customHttp2().setTlsStrategy(tls).build();
        }

        @Override
        double run(CloseableHttpAsyncClient client, URI server, long nanos) throws Exception {
            Semaphore free = new Semaphore(IN_FLIGHT);
            AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
            SimpleHttpRequest request = small(server);
            long end = System.nanoTime() + nanos;
            long sent = 0;
            while (System.nanoTime() < end && failure.get() == null) {
                free.acquire();
                sent++;
                Future<SimpleHttpResponse> unused = client.execute(request, new FutureCallback<>() {
                    @Override
                    public void completed(SimpleHttpResponse response) {
                        if (response.getBodyBytes() == null || response.getBodyBytes().length != SMALL_BYTES) {
                            failure.set(new IllegalStateException("unexpected answer " + response.getCode()));
                        }
                        free.release();
                    }

                    @Override
                    public void failed(Exception cause) {
                        failure.set(cause);
                        free.release();
                    }

                    @Override
                    public void cancelled() {
                        free.release();
                    }
                });
            }
            free.acquire(IN_FLIGHT);
            Exception cause = failure.get();
            if (cause != null) {
                throw new ExecutionException(cause);
            }
            return sent;
        }
    };

    private static final long BULK_BYTES = 100_000_000;
    private static final int SMALL_BYTES = 33;
    private static final int IN_FLIGHT = 16;

    private final String title;
    private final String unit;

    TlsWorkload(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    /** Returns a client for this kind of work, not started. */
    abstract CloseableHttpAsyncClient client(TlsStrategy tls);

    /** Works for about the given time and returns how much was done, in the unit of this kind. */
    abstract double run(CloseableHttpAsyncClient client, URI server, long nanos) throws Exception;

    private static CloseableHttpAsyncClient http1Client(TlsStrategy tls) {
        return HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(tls)
                        .setDefaultTlsConfig(http1())
                        .build())
                .disableContentCompression()
                .build();
    }

    private static TlsConfig http1() {
        return TlsConfig.custom()
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                .build();
    }

    private static SimpleHttpRequest small(URI server) {
        return SimpleRequestBuilder.get(server.resolve("bytes/" + SMALL_BYTES)).build();
    }

    private static double sequentially(CloseableHttpAsyncClient client, URI server, long nanos) throws Exception {
        SimpleHttpRequest request = small(server);
        long end = System.nanoTime() + nanos;
        double done = 0;
        while (System.nanoTime() < end) {
            SimpleHttpResponse response = client.execute(request, null).get();
            if (response.getBodyBytes().length != SMALL_BYTES) {
                throw new IllegalStateException("unexpected body of " + response.getBodyBytes().length + " bytes");
            }
            done++;
        }
        return done;
    }
}
