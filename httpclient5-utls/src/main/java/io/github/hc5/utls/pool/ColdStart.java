package io.github.hc5.utls.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request dials for itself or waits for a connection that another one is opening.
 *
 * <p>Until the route's protocol is known, one request dials and the others wait for the outcome: where it is HTTP/2 they
 * share the connection, where it is HTTP/1.1 they fan out, and the route remembers which it was. Where HTTP/2 is known,
 * as many wait as the connections being opened are expected to take streams. After a dial that others waited for has
 * failed, every request dials for itself until one succeeds, so that a dead address costs them one timeout and not one
 * each in a row.
 *
 * <p>Guarded by the lock of the {@link HostPool}; the protocol and the stream limit are
 * read and written without it.
 */
final class ColdStart {

    /** What the route speaks, as far as its connections have shown. */
    enum Protocol {
        UNKNOWN,
        HTTP1,
        HTTP2
    }

    /** What a peer is taken to allow before it says (RFC 9113 section 6.5.2). */
    static final int ASSUMED_STREAMS = 100;

    private static final int MOST_EXPECTED_STREAMS = 1000;

    private volatile Protocol protocol = Protocol.UNKNOWN;
    private final List<HotConnection> openings = new ArrayList<>();
    private boolean alone;
    private volatile int expectedStreams = ASSUMED_STREAMS;

    Protocol protocol() {
        return protocol;
    }

    /** Takes over what was learned at another time. */
    void recall(PoolMemory.Protocol memory) {
        protocol = memory.http2() ? Protocol.HTTP2 : Protocol.HTTP1;
        streamsAllowed(memory.streams());
    }

    int expectedStreams() {
        return expectedStreams;
    }

    /** Forgets what was learned, as when the host is to be discovered anew. */
    void forget() {
        protocol = Protocol.UNKNOWN;
        alone = false;
        expectedStreams = ASSUMED_STREAMS;
    }

    /**
     * Whether the request, one of {@code waiting}, had better wait. Pinned requests never share an opening, those of a
     * client key only with their own.
     */
    boolean joins(@Nullable Object state, int waiting) {
        if (openings.isEmpty() || alone || state instanceof PinnedRoute || protocol == Protocol.HTTP1) {
            return false;
        }
        int joinable = 0;
        for (HotConnection opening : openings) {
            joinable += opening.serves(state) ? 1 : 0;
        }
        return joinable > 0
                && (protocol == Protocol.UNKNOWN || waiting <= (long) joinable * Math.max(1, expectedStreams - 1));
    }

    /** A connection begins to open. */
    void begin(HotConnection connection, @Nullable Object state) {
        if (protocol != Protocol.HTTP1 && !(state instanceof PinnedRoute)) {
            connection.joinable = true;
            openings.add(connection);
        }
    }

    /** Nobody is to wait for this opening any longer. */
    void end(HotConnection connection) {
        if (connection.joinable) {
            connection.joinable = false;
            openings.remove(connection);
        }
    }

    /** The connection is dialled so that it can only be HTTP/1.1. */
    void onlyHttp1(HotConnection connection) {
        protocol = Protocol.HTTP1;
        end(connection);
    }

    /** A peer of this route has said how many streams it allows; new connections are taken to allow as many. */
    void streamsAllowed(int streams) {
        expectedStreams = Math.max(1, Math.min(MOST_EXPECTED_STREAMS, streams));
    }

    void opened(HotConnection connection, boolean http2) {
        end(connection);
        alone = false;
        protocol = http2 ? Protocol.HTTP2 : Protocol.HTTP1;
        if (http2) {
            connection.maxExchanges = Math.min(connection.maxExchanges, expectedStreams);
        }
    }

    void failed(HotConnection connection, boolean othersWait) {
        if (connection.joinable && othersWait) {
            alone = true;
        }
        end(connection);
    }
}
