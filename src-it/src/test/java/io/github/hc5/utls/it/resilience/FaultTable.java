package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.RetriesExhaustedException;
import io.github.hc5.utls.resilience.TimeoutSettings;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;

/** One row of the table of faults: what a request came to, and how long that took, with what was waited. */
final class FaultTable {

    /** What one request came to. */
    record Result(int status, String body, @Nullable Throwable failure) {

        String outcome() {
            return failure == null ? String.valueOf(status) : failure.getClass().getSimpleName();
        }
    }

    final JumpingTime time = new JumpingTime();
    private long start;

    /** For the client of one row, whose time begins now. */
    Resilience.Builder resilience(HotConnectionManager manager) {
        start = time.nanoTime();
        return World.resilience(manager)
                .scheduler(time)
                .timeouts(TimeoutSettings.builder()
                        .response(Duration.ofMillis(300))
                        .build());
    }

    Result send(HotConnectionManager manager, SimpleHttpRequest request) throws Exception {
        return send(World.client(manager, resilience(manager).build()), request);
    }

    static Result send(CloseableHttpAsyncClient client, SimpleHttpRequest request) throws Exception {
        try {
            SimpleHttpResponse response = client.execute(request, null).get(50, TimeUnit.SECONDS);
            return new Result(response.getCode(), response.getBodyText(), null);
        } catch (ExecutionException e) {
            return new Result(0, "", e.getCause());
        }
    }

    static SimpleHttpRequest get(String scheme, int port) {
        return SimpleRequestBuilder.get(scheme + "://" + World.HOST + ":" + port + "/")
                .build();
    }

    static SimpleHttpRequest post(String scheme, int port) {
        return SimpleRequestBuilder.post(scheme + "://" + World.HOST + ":" + port + "/")
                .setBody("x", ContentType.TEXT_PLAIN)
                .build();
    }

    /** What was waited between tries, in milliseconds. */
    long waited() {
        return time.waits.stream().mapToLong(w -> w).sum();
    }

    /** Checks what holds for each row with backoff: 100 ms at most before the second try, doubled before each further one. */
    void backedOff(int tries) {
        assertThat(waited()).as("waits").isLessThanOrEqualTo(100L * ((1 << (tries - 1)) - 1));
        assertThat(time.waits.size()).as("waits").isLessThan(Math.max(1, tries));
    }

    /** Checks that the tries came to nothing, and that the failure tells of each. */
    static void exhausted(Result result, int tries) {
        assertThat(result.failure()).isInstanceOf(RetriesExhaustedException.class);
        RetriesExhaustedException failure = (RetriesExhaustedException) result.failure();
        assertThat(failure.attempts()).isEqualTo(tries);
        assertThat(failure.getSuppressed()).hasSize(tries - 1);
    }

    /** Checks the time that has passed, with what was waited, and prints the row for whoever reads the build's output. */
    void row(String fault, int tries, int addresses, Result result, int windowSeconds) {
        long elapsedMillis = (time.nanoTime() - start) / 1_000_000;
        System.out.printf(
                "| %s | %d tries | waits %s ms | %d addresses | %s | %d ms |%n",
                fault, tries, time.waits, addresses, result.outcome(), elapsedMillis);
        assertThat(elapsedMillis).as("the time, with what was waited").isLessThan(windowSeconds * 1000L);
    }
}
