package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request. What is unknown is null: a request that failed has no status.
 *
 * @param url the URL as it was asked for
 * @param status the status code of the answer
 * @param protocol the protocol of the answer, by its ALPN name: {@code h2}, {@code http/1.1}
 * @param remote the address and port the connection led to
 * @param local the address and port it came from
 * @param profile the name of the browser profile
 * @param elapsed from the start of the request to the end of its answer
 * @param connect how long this request waited for its own connection, TLS handshake included; zero on a reused one
 * @param reused whether the request went out on a connection that was there before
 * @param resumed whether the connection's TLS handshake resumed an earlier session
 * @param bytes the length of the answer's body as it was delivered
 * @param error why there is no answer, in one line; null if there is one
 * @param cause the exception behind {@code error}, for {@code --debug}; null if there is none
 */
record FetchResult(
        String url,
        @Nullable Integer status,
        @Nullable String protocol,
        @Nullable String remote,
        @Nullable String local,
        String profile,
        Duration elapsed,
        Duration connect,
        boolean reused,
        boolean resumed,
        long bytes,
        @Nullable String error,
        @Nullable Throwable cause) {

    private static final double NANOS_IN_MILLI = 1e6;
    private static final double MICROS_IN_MILLI = 1e3;

    /** Returns the result as one JSON object on one line. */
    String toJson() {
        ObjectNode object = JsonLines.object();
        object.put("url", url);
        object.put("status", status);
        object.put("protocol", protocol);
        object.put("remote", remote);
        object.put("local", local);
        object.put("profile", profile);
        object.put("ms", millis(elapsed));
        object.put("connect_ms", millis(connect));
        object.put("reused", reused);
        object.put("resumed", resumed);
        object.put("bytes", bytes);
        object.put("error", error);
        return JsonLines.toLine(object);
    }

    /** Returns the result as one line for people. */
    String toSummary() {
        if (error != null) {
            return error;
        }
        String connection = reused
                ? "reused"
                : String.format(Locale.ROOT, "connected in %.1f ms%s", millis(connect), resumed ? ", resumed" : "");
        return String.format(
                Locale.ROOT,
                "%s %s  %s  %,d bytes  %.1f ms (%s)  %s as %s",
                status,
                protocol,
                url,
                bytes,
                millis(elapsed),
                connection,
                remote,
                profile);
    }

    /** In milliseconds, to the microsecond. */
    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / NANOS_IN_MILLI * MICROS_IN_MILLI) / MICROS_IN_MILLI;
    }
}
