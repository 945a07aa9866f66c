package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.Batch;
import io.github.hc5.utls.resilience.BatchExecutor;
import io.github.hc5.utls.resilience.BatchListener;
import io.github.hc5.utls.resilience.BatchSettings;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.RetrySettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many requests over eight addresses, of which one in twenty meets a fault. */
@Timeout(600)
class FaultyProxyTest {

    private static final Fault[] FAULTS = {
        Fault.RESET_BEFORE_RESPONSE,
        Fault.RESET_AFTER_EXECUTION,
        Fault.RESET_IN_HEADERS,
        Fault.RESET_IN_BODY,
        Fault.WRONG_LENGTH,
        Fault.BUSY
    };

    private static Fault drawn() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return random.nextInt(100) < 5 ? FAULTS[random.nextInt(FAULTS.length)] : Fault.NONE;
    }

    /** Every fifth request is a POST. */
    private static SimpleHttpRequest request(int i, int port) {
        String url = "http://" + World.HOST + ":" + port + "/" + i;
        SimpleRequestBuilder builder = i % 5 == 0
                ? SimpleRequestBuilder.post(url).setBody("x", ContentType.TEXT_PLAIN)
                : SimpleRequestBuilder.get(url);
        return builder.addHeader("X-Id", (i % 5 == 0 ? "post-" : "get-") + i).build();
    }

    @Test
    void everyIdempotentRequestSucceedsAndNoOtherRunsTwice() throws Exception {
        int count = Scale.of(5_000, 100_000);
        List<String> failedGets = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger failedPosts = new AtomicInteger();
        try (FaultServer server = new FaultServer(30, 8, () -> "", (local, id) -> drawn());
                HotConnectionManager manager =
                        World.manager(server.addresses, 32).build()) {
            server.doNotRecordAddresses();
            // at one fault in twenty, three tries would fail once in eight thousand requests
            Resilience resilience = World.resilience(manager)
                    .retry(RetrySettings.builder().unstableTries(6).build())
                    .build();
            try (CloseableHttpAsyncClient client = World.client(manager, resilience)) {
                Batch batch = new BatchExecutor(
                                client, BatchSettings.builder().concurrency(32).build())
                        .execute(
                                IntStream.range(0, count)
                                        .mapToObj(i -> request(i, server.port()))
                                        .iterator(),
                                new BatchListener() {
                                    @Override
                                    public void completed(
                                            long index, SimpleHttpRequest request, SimpleHttpResponse response) {
                                        if (response.getCode() != 200) {
                                            failed(index, String.valueOf(response.getCode()), new Exception());
                                        }
                                    }

                                    @Override
                                    public void failed(long index, String target, Exception cause) {
                                        if (index % 5 == 0) {
                                            failedPosts.incrementAndGet();
                                        } else {
                                            failedGets.add(target + ": " + cause);
                                        }
                                    }
                                });
                batch.done().get(590, TimeUnit.SECONDS);
            }

            assertThat(failedGets).isEmpty();
            assertThat(failedPosts.get())
                    .as("some met a fault that allows no retry")
                    .isPositive();
            assertThat(server.executions.entrySet().stream()
                            .filter(e -> e.getKey().startsWith("post-"))
                            .filter(e -> e.getValue().get() > 1)
                            .map(Map.Entry::getKey))
                    .isEmpty();
            assertThat(server.requests.get()).isBetween(count, count + count / 5);
            assertThat(resilience.report().retries()).isPositive().isLessThanOrEqualTo(count / 5);
            System.out.printf(
                    "%d requests, %d sent in all, %d retries, %d POSTs failed%n",
                    count, server.requests.get(), resilience.report().retries(), failedPosts.get());
        }
    }
}
