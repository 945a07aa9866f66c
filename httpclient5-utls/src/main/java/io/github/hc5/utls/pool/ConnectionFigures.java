package io.github.hc5.utls.pool;

import java.time.Duration;
import java.util.Map;

/**
 * What has become of connections. Bytes are those of HTTP with its framing, without what TLS adds.
 *
 * @param opened connections opened, probes included
 * @param failed openings that failed or were cancelled
 * @param used those opened that have carried an exchange
 * @param closed those that have left the pool, by why
 * @param connectTime from the decision to dial to the open connection, all together
 * @param handshakes TLS handshakes completed, resumed ones included
 * @param resumptions handshakes that resumed an earlier session
 * @param handshakeTime all handshakes together
 */
public record ConnectionFigures(
        long opened,
        long failed,
        long used,
        Map<CloseReason, Long> closed,
        Duration connectTime,
        long handshakes,
        long resumptions,
        Duration handshakeTime,
        long bytesSent,
        long bytesReceived) {

    /** No connection. */
    public static final ConnectionFigures NONE =
            new ConnectionFigures(0, 0, 0, Map.of(), Duration.ZERO, 0, 0, Duration.ZERO, 0, 0);

    public ConnectionFigures {
        closed = PoolFigures.copy(closed, CloseReason.class);
    }

    /** Connections that have left the pool for this reason. */
    public long closed(CloseReason reason) {
        return closed.getOrDefault(reason, 0L);
    }

    /** The share of handshakes that resumed a session, 0 where there were none. */
    public double resumptionRate() {
        return handshakes == 0 ? 0 : (double) resumptions / handshakes;
    }

    ConnectionFigures plus(ConnectionFigures other) {
        return new ConnectionFigures(
                opened + other.opened,
                failed + other.failed,
                used + other.used,
                PoolFigures.combine(closed, other.closed, CloseReason.class, Long::sum),
                connectTime.plus(other.connectTime),
                handshakes + other.handshakes,
                resumptions + other.resumptions,
                handshakeTime.plus(other.handshakeTime),
                bytesSent + other.bytesSent,
                bytesReceived + other.bytesReceived);
    }

    ConnectionFigures minus(ConnectionFigures earlier) {
        return new ConnectionFigures(
                Math.max(0, opened - earlier.opened),
                Math.max(0, failed - earlier.failed),
                Math.max(0, used - earlier.used),
                PoolFigures.combine(closed, earlier.closed, CloseReason.class, (a, b) -> Math.max(0, a - b)),
                connectTime.minus(earlier.connectTime),
                Math.max(0, handshakes - earlier.handshakes),
                Math.max(0, resumptions - earlier.resumptions),
                handshakeTime.minus(earlier.handshakeTime),
                Math.max(0, bytesSent - earlier.bytesSent),
                Math.max(0, bytesReceived - earlier.bytesReceived));
    }
}
