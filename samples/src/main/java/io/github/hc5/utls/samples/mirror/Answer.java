package io.github.hc5.utls.samples.mirror;

import java.time.Duration;
import java.util.List;

/**
 * What the server answers, apart from the protocol version that carries it.
 *
 * @param status the status code
 * @param headers the header fields, name in lower case and value, without content-length
 * @param body the body
 * @param delay how long to wait before the answer starts
 */
record Answer(int status, List<List<String>> headers, Body body, Duration delay) {

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /** A response's body. */
    sealed interface Body {

        /** Returns its length in bytes. */
        long length();
    }

    /** Bytes that are there already. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Bytes(byte[] bytes) implements Body {
        @Override
        public long length() {
            return bytes.length;
        }
    }

    /** Bytes made while they are sent: at offset {@code i} stands the low byte of {@code i}. */
    record Pattern(long length) implements Body {}

    static Answer json(int status, Object value) {
        return of(status, "application/json", new Bytes(Json.write(value)));
    }

    static Answer of(int status, String contentType, Body body) {
        return new Answer(
                status,
                List.of(List.of("content-type", contentType), List.of("cache-control", "no-store")),
                body,
                Duration.ZERO);
    }

    Answer withHeaders(List<List<String>> otherHeaders) {
        return new Answer(status, otherHeaders, body, delay);
    }

    Answer withDelay(Duration otherDelay) {
        return new Answer(status, headers, body, otherDelay);
    }

    /** Returns whether the status code forbids a body and its headers (RFC 9110, sections 15.3.5 and 15.4.5). */
    boolean isBodiless() {
        return status == NO_CONTENT || status == NOT_MODIFIED;
    }
}
