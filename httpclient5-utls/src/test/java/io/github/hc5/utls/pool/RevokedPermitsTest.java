package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cap that takes its permits back all the time closes connections, and never one that a request has been given. */
class RevokedPermitsTest {

    private static final int REQUESTS = 400;
    private static final int AT_ONCE = 8;

    private static final class Restless implements LeasePermits {

        final Map<Permit, Consumer<Permit>> granted = new ConcurrentHashMap<>();
        final AtomicInteger revoked = new AtomicInteger();

        @Override
        public CompletionStage<Permit> acquire(HttpRoute route, Duration timeout, Consumer<Permit> revoke) {
            Permit permit = new Permit() {
                @Override
                public void release() {
                    granted.remove(this);
                }
            };
            granted.put(permit, revoke);
            return CompletableFuture.completedFuture(permit);
        }

        void revokeOne() {
            for (Map.Entry<Permit, Consumer<Permit>> entry : granted.entrySet()) {
                revoked.incrementAndGet();
                entry.getValue().accept(entry.getKey());
                return;
            }
        }

        @Override
        public void close() {}
    }

    private final AtomicInteger begun = new AtomicInteger();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(REQUESTS);
    private final Restless permits = new Restless();
    private final ExecutorService cap = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        cap.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"FORCE_HTTP_1, false", "FORCE_HTTP_1, true", "NEGOTIATE, true"})
    void noRequestFails(HttpVersionPolicy policy, boolean tls) throws Exception {
        try (LoopbackServer server = new LoopbackServer(policy, tls, 100);
                HotConnectionManager manager = HotConnectionManagerBuilder.create()
                        .setTlsStrategy(server.clientTls())
                        .setIOEventHandlerFactory(
                                UtlsEventHandlerFactory.builder().build())
                        .setLeasePermits(permits)
                        .setMaxConnPerRoute(4)
                        .build();
                CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .disableAutomaticRetries()
                        .build()) {
            client.start();
            for (int i = 0; i < AT_ONCE; i++) {
                next(client, server.uri("/"));
            }
            boolean all = ended.await(60, TimeUnit.SECONDS);
            assertThat(all).as("%s", manager.snapshot()).isTrue();
            assertThat(failures).isEmpty();
            assertThat(permits.revoked.get()).isGreaterThan(AT_ONCE);
            assertThat(server.accepted()).isGreaterThan(1);
        }
    }

    private void next(CloseableHttpAsyncClient client, String uri) {
        if (begun.incrementAndGet() > REQUESTS) {
            return;
        }
        Objects.requireNonNull(client.execute(
                SimpleHttpRequest.create("GET", uri), new FutureCallback<SimpleHttpResponse>() {
                    @Override
                    public void completed(SimpleHttpResponse result) {
                        end();
                    }

                    @Override
                    public void failed(Exception cause) {
                        failures.merge(cause.toString(), 1, Integer::sum);
                        end();
                    }

                    @Override
                    public void cancelled() {
                        failed(new IllegalStateException("cancelled"));
                    }

                    private void end() {
                        cap.execute(permits::revokeOne);
                        ended.countDown();
                        next(client, uri);
                    }
                }));
    }
}
