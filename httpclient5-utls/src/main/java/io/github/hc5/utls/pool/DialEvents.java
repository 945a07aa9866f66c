package io.github.hc5.utls.pool;

import io.github.hc5.utls.http.ConnectionEvents;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What the session of one dialled address reports. Of the several sessions that a dial may begin only one becomes the
 * connection's: until it is chosen its reports are kept back, and of the others they are dropped. Thread-safe.
 */
final class DialEvents implements ConnectionEvents {

    private enum State {
        UNDECIDED,
        CHOSEN,
        DROPPED
    }

    private final HotConnection connection;
    private final DialAttempt attempt;
    private volatile State state = State.UNDECIDED;

    /** Guarded by this. */
    private @Nullable ProtocolVersion version;

    /** Guarded by this. */
    private int maxExchanges;

    DialEvents(HotConnection connection, DialAttempt attempt) {
        this.connection = connection;
        this.attempt = attempt;
    }

    HotConnection connection() {
        return connection;
    }

    /** This session becomes the connection's. */
    void choose() {
        ProtocolVersion known;
        int exchanges;
        synchronized (this) {
            state = State.CHOSEN;
            known = version;
            exchanges = maxExchanges;
        }
        if (known != null) {
            connection.protocolStarted(known, exchanges);
        }
    }

    /** This session does not become the connection's, or is it no longer. */
    void drop() {
        state = State.DROPPED;
    }

    @Override
    public HttpVersionPolicy versionPolicy() {
        return connection.versionPolicy();
    }

    @Override
    public boolean isEndAnnounced() {
        return connection.isEndAnnounced();
    }

    @Override
    public @Nullable String clientKey() {
        return connection.clientKey();
    }

    @Override
    public void protocolStarted(ProtocolVersion newVersion, int newMaxExchanges) {
        synchronized (this) {
            if (state == State.UNDECIDED) {
                version = newVersion;
                maxExchanges = newMaxExchanges;
                return;
            }
        }
        if (state == State.CHOSEN) {
            connection.protocolStarted(newVersion, newMaxExchanges);
        }
    }

    @Override
    public void concurrencyChanged(int newMaxExchanges) {
        if (state == State.CHOSEN) {
            connection.concurrencyChanged(newMaxExchanges);
        }
    }

    @Override
    public void draining() {
        if (state == State.CHOSEN) {
            connection.draining();
        }
    }

    @Override
    public void exchangeEnded(@Nullable Exception cause) {
        if (state == State.CHOSEN) {
            connection.exchangeEnded(cause);
        }
    }

    @Override
    public void pingAnswered(long roundTripNanos) {
        if (state == State.CHOSEN) {
            connection.pingAnswered(roundTripNanos);
        }
    }

    @Override
    public void ended(@Nullable Exception cause) {
        // while TLS is under way the dial may go on with another address
        if (state == State.CHOSEN && !attempt.handshakeEnded(this, cause)) {
            connection.ended(cause);
        }
    }

    @Override
    public @Nullable String connectionId() {
        return connection.getId();
    }

    @Override
    public String toString() {
        return connection.toString();
    }
}
