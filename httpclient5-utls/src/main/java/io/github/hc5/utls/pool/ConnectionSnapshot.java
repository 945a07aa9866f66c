package io.github.hc5.utls.pool;

import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection at one moment.
 *
 * @param id unique within the process, the same as in the log
 * @param state what it is doing
 * @param protocol {@code HTTP/1.1}, {@code HTTP/2.0}; {@code null} before it is known
 * @param remote the address dialled; {@code null} before
 * @param local the address bound; {@code null} before
 * @param profile the browser profile its handshake showed, as far as the TLS session says; {@code null} otherwise
 * @param resumed whether its handshake resumed an earlier session
 * @param healthy whether a request could be sent on it now: it is open, not retired, and its address is in use
 * @param age since the pool decided to open it
 * @param idle since its last release; zero while leased
 * @param inFlight leases held now; more than one only where HTTP/2 is shared
 * @param leases leases granted so far
 * @param exchanges exchanges that are over
 * @param maxInFlight leases allowed at once
 * @param roundTrip of the last answered PING; {@code null} if there was none
 * @param bytesSent of HTTP with its framing, without what TLS adds
 * @param bytesReceived likewise
 */
public record ConnectionSnapshot(
        String id,
        State state,
        @Nullable String protocol,
        @Nullable SocketAddress remote,
        @Nullable SocketAddress local,
        @Nullable String profile,
        boolean resumed,
        boolean healthy,
        Duration age,
        Duration idle,
        int inFlight,
        long leases,
        long exchanges,
        int maxInFlight,
        @Nullable Duration roundTrip,
        long bytesSent,
        long bytesReceived) {

    /** What a connection is doing. */
    public enum State {
        /** Being dialled, in its TLS handshake, or becoming a tunnel. */
        OPENING,
        /** Open and unused. */
        AVAILABLE,
        /** Has exchanges in flight. */
        LEASED,
        /** Idle and being checked. */
        CHECKING,
        /** Takes no new exchanges and closes. */
        RETIRED
    }
}
