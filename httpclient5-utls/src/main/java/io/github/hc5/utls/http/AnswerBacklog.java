package io.github.hc5.utls.http;

import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;

/**
 * Bounds the answers (to PING and SETTINGS) that wait for a peer that does not read: a peer that asks for more than
 * {@value #MAX} bytes of them before it has taken the first is not served any longer. Requests that wait do not count,
 * since it is us who made them.
 *
 * <p>Guarded by the session's lock.
 */
final class AnswerBacklog {

    static final int MAX = 1 << 20;

    /** Where, in the outbound stream, the first of the counted answers ends. */
    private long firstEnd;

    private int counted;

    /**
     * Counts an answer that is about to be added to the outbound stream.
     *
     * @param length its length in bytes
     * @param written how much of the stream the peer's connection has taken
     * @param position where the stream ends so far
     * @throws H2ConnectionException if there are too many
     */
    void add(int length, long written, long position) throws H2ConnectionException {
        if (written >= firstEnd) {
            firstEnd = position + length;
            counted = 0;
        }
        counted += length;
        if (counted > MAX) {
            throw new H2ConnectionException(H2Error.ENHANCE_YOUR_CALM, "the peer asks for answers and reads none");
        }
    }
}
