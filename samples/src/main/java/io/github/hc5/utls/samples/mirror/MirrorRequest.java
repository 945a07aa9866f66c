package io.github.hc5.utls.samples.mirror;

import java.util.List;
import java.util.Optional;

/**
 * A complete request as the server received it.
 *
 * @param number its number on its connection, from 1
 * @param method the method
 * @param path the request target
 * @param pseudo the names of HTTP/2's pseudo-header fields in order, empty for HTTP/1.1
 * @param headers the header fields in order and as spelled, name and value
 * @param body the body where the path wants it, otherwise empty
 * @param bodyLength the length of the body as received, in bytes
 * @param bodyTooLong whether the path wants the body and it was longer than what is kept
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never shared
record MirrorRequest(
        long number,
        String method,
        String path,
        List<String> pseudo,
        List<List<String>> headers,
        byte[] body,
        long bodyLength,
        boolean bodyTooLong) {

    /** Returns the first value of a header; case does not matter. */
    Optional<String> header(String name) {
        return headers.stream()
                .filter(field -> field.get(0).equalsIgnoreCase(name))
                .map(field -> field.get(1))
                .findFirst();
    }
}
