package io.github.hc5.utls.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UtlsRetryStrategyTest {

    private static final HttpHost HOST = new HttpHost("https", "a.example", 443);

    private final FakeWaits time = new FakeWaits();
    private final HttpClientContext context = HttpClientContext.create();
    private final UtlsRetryStrategy strategy = strategy(RetrySettings.defaults(), route -> true);

    private UtlsRetryStrategy strategy(RetrySettings settings, Predicate<HttpRoute> others) {
        return new UtlsRetryStrategy(settings, time, others, new RetryDelays(() -> 0.5));
    }

    private static HttpRequest request(String method) {
        return new BasicHttpRequest(method, HOST, "/");
    }

    /** How many tries the strategy allows when each ends in this. */
    private int tries(String method, IOException cause) {
        int n = 1;
        while (strategy.retryRequest(request(method), cause, n, context)) {
            time.advanceMillis(strategy.getRetryInterval(request(method), cause, n, context)
                    .toMilliseconds());
            n++;
        }
        return n;
    }

    private int tries(String method, HttpResponse response) {
        context.setRequest(request(method));
        context.setRoute(new HttpRoute(HOST));
        int n = 1;
        while (strategy.retryRequest(response, n, context)) {
            time.advanceMillis(strategy.getRetryInterval(response, n, context).toMilliseconds());
            n++;
        }
        return n;
    }

    private static HttpResponse response(int status, String retryAfter) {
        BasicHttpResponse response = new BasicHttpResponse(status);
        if (!retryAfter.isEmpty()) {
            response.addHeader("Retry-After", retryAfter);
        }
        return response;
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectTimeoutException("x"), 3, 3),
                Arguments.of(new ConnectException("x"), 3, 3),
                Arguments.of(new UnknownHostException("x"), 3, 3),
                Arguments.of(new SocketException("x"), 3, 1),
                Arguments.of(new SocketTimeoutException("x"), 3, 1),
                Arguments.of(new ConnectionClosedException("x"), 3, 1),
                Arguments.of(new RequestNotExecutedException("x"), 3, 3),
                Arguments.of(new H2StreamResetException(H2Error.REFUSED_STREAM, "x"), 3, 3),
                Arguments.of(new H2StreamResetException(H2Error.INTERNAL_ERROR, "x"), 3, 1),
                Arguments.of(new SSLHandshakeException("x"), 1, 1),
                Arguments.of(new ConnectionRequestTimeoutException("x"), 1, 1),
                Arguments.of(new InterruptedIOException("x"), 1, 1));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void countsByKindAndRepeatsOnlyWhatIsSafe(IOException cause, int idempotent, int other) {
        assertThat(tries("GET", cause)).isEqualTo(idempotent);
        assertThat(tries("POST", cause)).isEqualTo(other);
    }

    @Test
    void theCallersWordMakesAPostRepeatable() {
        context.setAttribute(UtlsRetryStrategy.REPEATABLE, true);

        assertThat(tries("POST", new SocketException("reset"))).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 503, '', 5",
        "GET, 429, 2, 5",
        "POST, 503, '', 1",
        "GET, 403, '', 2",
        "GET, 500, '', 1",
        "GET, 200, '', 1"
    })
    void triesResponsesByStatus(String method, int status, String retryAfter, int tries) {
        assertThat(tries(method, response(status, retryAfter))).isEqualTo(tries);
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        context.setRequest(request("GET"));

        assertThat(strategy.retryRequest(response(503, "7"), 1, context)).isTrue();
        assertThat(strategy.getRetryInterval(response(503, "7"), 1, context).toSeconds())
                .isEqualTo(7);

        HttpResponse dated = response(429, "Sat, 21 Nov 2026 12:00:11 GMT");
        assertThat(strategy.retryRequest(dated, 1, context)).isTrue();
        assertThat(strategy.getRetryInterval(dated, 1, context).toSeconds()).isEqualTo(11);
    }

    @Test
    void doesNotWaitBeyondTheWindow() {
        context.setRequest(request("GET"));

        assertThat(strategy.retryRequest(response(503, "30"), 1, context)).isTrue();
        assertThat(strategy.retryRequest(response(503, "31"), 1, context)).isFalse();
        assertThat(strategy.retryRequest(response(503, "99999999999999999999"), 1, context))
                .isFalse();
    }

    @Test
    void aSlowFailureUsesUpTheWindow() {
        assertThat(strategy.retryRequest(request("GET"), new SocketException("x"), 1, context))
                .isTrue();
        time.advanceMillis(10_000);
        assertThat(strategy.retryRequest(request("GET"), new SocketException("x"), 2, context))
                .isFalse();
    }

    @Test
    void backsOffTwiceAsLongEachTime() {
        SocketException cause = new SocketException("x");
        long first = wait(cause, 1);
        long second = wait(cause, 2);

        assertThat(first).isEqualTo(50);
        assertThat(second).isEqualTo(100);
    }

    private long wait(IOException cause, int n) {
        assertThat(strategy.retryRequest(request("GET"), cause, n, context)).isTrue();
        return strategy.getRetryInterval(request("GET"), cause, n, context).toMilliseconds();
    }

    @Test
    void doesNotAskABannedAddressAgain() {
        UtlsRetryStrategy alone = strategy(RetrySettings.defaults(), route -> false);
        context.setRequest(request("GET"));
        context.setRoute(new HttpRoute(HOST));

        assertThat(alone.retryRequest(response(403, ""), 1, context)).isFalse();
    }

    @Test
    void retriesNeverAddMoreThanTheirShare() {
        UtlsRetryStrategy budgeted =
                strategy(RetrySettings.builder().budgetFloor(0).budgetShare(0.2).build(), route -> true);
        int retried = 0;
        for (int i = 0; i < 1000; i++) {
            retried += budgeted.retryRequest(request("GET"), new SocketException("x"), 1, HttpClientContext.create())
                    ? 1
                    : 0;
        }
        assertThat(retried).isEqualTo(200);

        time.advanceMillis(11_000);
        assertThat(budgeted.retryRequest(request("GET"), new SocketException("x"), 1, context))
                .as("the window is empty, and a fifth of one request is none")
                .isFalse();
    }

    @Test
    void aFloorLetsAQuietClientRetry() {
        UtlsRetryStrategy quiet = strategy(
                RetrySettings.builder()
                        .budgetFloor(1)
                        .connectWindow(Duration.ofSeconds(1))
                        .build(),
                route -> true);

        assertThat(quiet.retryRequest(request("GET"), new SocketException("x"), 1, context))
                .isTrue();
        assertThat(quiet.retryRequest(request("GET"), new SocketException("x"), 2, context))
                .isFalse();
    }
}
