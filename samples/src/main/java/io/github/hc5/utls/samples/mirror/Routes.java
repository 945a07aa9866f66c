package io.github.hc5.utls.samples.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Maps a request to its answer. Any path is answered with what the client showed of itself; these do something else or
 * something more:
 *
 * <ul>
 *   <li>{@code /bytes/N}: a body of N bytes
 *   <li>{@code /status/CODE}: the answer with another status code
 *   <li>{@code /delay/MS}: the answer after so many milliseconds
 *   <li>{@code /headers/N}: the answer with header values of N bytes in all
 *   <li>{@code /echo}: the request's body
 *   <li>{@code /page}: a page for browsers, which makes requests of most kinds, one after another
 *   <li>{@code /frames}: the whole record of the connection
 * </ul>
 */
final class Routes {

    private static final long MAX_BYTES = 10L << 30;
    private static final long MAX_DELAY_MILLIS = 600_000;
    private static final long MAX_HEADER_BYTES = 1 << 20;
    private static final int MAX_HEADER_VALUE = 1000;
    private static final int MIN_STATUS = 200;
    private static final int MAX_STATUS = 599;
    private static final int MAX_DIGITS = 18;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int CONTENT_TOO_LARGE = 413;

    private Routes() {}

    /** Returns whether the answer to this path needs the request's body. */
    static boolean wantsBody(String path) {
        return segments(path)[0].equals("echo");
    }

    /** Returns the answer to a request on the recorded connection. */
    static Answer answer(MirrorRequest request, ConnectionRecorder recorder) {
        String[] segments = segments(request.path());
        String argument = segments.length > 1 ? segments[1] : null;
        return switch (segments[0]) {
            case "bytes" ->
                number(
                        argument,
                        "bytes",
                        0,
                        MAX_BYTES,
                        n -> Answer.of(OK, "application/octet-stream", new Answer.Pattern(n)));
            case "status" ->
                number(argument, "status", MIN_STATUS, MAX_STATUS, code -> mirror((int) code, request, recorder));
            case "delay" ->
                number(
                        argument,
                        "delay",
                        0,
                        MAX_DELAY_MILLIS,
                        millis -> mirror(OK, request, recorder).withDelay(Duration.ofMillis(millis)));
            case "headers" ->
                number(argument, "headers", 0, MAX_HEADER_BYTES, n -> withPadding(mirror(OK, request, recorder), n));
            case "echo" -> echo(request);
            case "page" -> segments.length == 1 ? page() : mirror(OK, request, recorder);
            case "frames" -> Answer.json(OK, recorder.snapshot());
            default -> mirror(OK, request, recorder);
        };
    }

    /** The path's segments, without the query; at least one. */
    private static String[] segments(String path) {
        int query = path.indexOf('?');
        String plain = query < 0 ? path : path.substring(0, query);
        return (plain.startsWith("/") ? plain.substring(1) : plain).split("/", -1);
    }

    private static Answer number(
            @Nullable String text, String path, long least, long most, LongFunction<Answer> answer) {
        boolean digits = text != null
                && !text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long value = digits ? Long.parseLong(text) : -1;
        if (value < least || value > most) {
            return Answer.json(
                    BAD_REQUEST,
                    Map.of(
                            "error",
                            "/" + path + "/" + (text == null ? "" : text) + ": must be a number from " + least + " to "
                                    + most));
        }
        return answer.apply(value);
    }

    private static Answer echo(MirrorRequest request) {
        if (request.bodyTooLong()) {
            return Answer.json(
                    CONTENT_TOO_LARGE,
                    Map.of("error", "/echo: " + request.bodyLength() + " bytes, at most " + RequestBody.MAX_LENGTH));
        }
        return Answer.of(
                OK,
                request.header("content-type").orElse("application/octet-stream"),
                new Answer.Bytes(request.body()));
    }

    private static Answer page() {
        try (InputStream in = Objects.requireNonNull(Routes.class.getResourceAsStream("page.html"), "page.html")) {
            return Answer.of(OK, "text/html; charset=utf-8", new Answer.Bytes(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read page.html", e);
        }
    }

    private static Answer withPadding(Answer answer, long bytes) {
        List<List<String>> headers = new ArrayList<>(answer.headers());
        long missing = bytes;
        while (missing > 0) {
            int length = (int) Math.min(missing, MAX_HEADER_VALUE);
            headers.add(List.of("x-padding-" + headers.size(), "p".repeat(length)));
            missing -= length;
        }
        return answer.withHeaders(List.copyOf(headers));
    }

    /** What the client showed of itself. */
    private static Answer mirror(int status, MirrorRequest request, ConnectionRecorder recorder) {
        RecordedConnection connection = recorder.summary();
        Fingerprints fingerprints = connection.fingerprints();
        NegotiatedTls tls = connection.tls();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("ja3", fingerprints == null ? null : fingerprints.ja3());
        fields.put("ja3_hash", fingerprints == null ? null : fingerprints.ja3Hash());
        fields.put("ja3n", fingerprints == null ? null : fingerprints.ja3n());
        fields.put("ja3n_hash", fingerprints == null ? null : fingerprints.ja3nHash());
        fields.put("ja4", fingerprints == null ? null : fingerprints.ja4());
        fields.put("ja4_r", fingerprints == null ? null : fingerprints.ja4r());
        fields.put("akamai", connection.akamai());
        fields.put("alpn", tls == null ? null : tls.alpn());
        fields.put("tls_version", tls == null ? null : tls.version());
        fields.put("cipher", tls == null ? null : tls.cipher());
        fields.put("group", tls == null ? null : tls.group());
        fields.put("resumed", tls == null ? null : tls.resumed());
        fields.put("hello_retry", connection.helloRetry());
        fields.put("method", request.method());
        fields.put("path", request.path());
        fields.put("pseudo", request.pseudo());
        fields.put("headers", request.headers());
        fields.put("body_length", request.bodyLength());
        fields.put("remote_address", connection.remoteAddress());
        fields.put("connection_id", connection.id());
        fields.put("request_number", request.number());
        return Answer.json(status, fields);
    }
}
