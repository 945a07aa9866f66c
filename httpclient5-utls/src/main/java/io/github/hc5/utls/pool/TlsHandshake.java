package io.github.hc5.utls.pool;

import java.net.SocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.jspecify.annotations.Nullable;

/**
 * A TLS handshake that is over.
 *
 * @param connection the id of the connection, as in {@link ConnectionSnapshot}
 * @param address the first hop's
 * @param profile the browser profile it showed, as far as the TLS session says; {@code null} otherwise
 * @param protocol of the application, as ALPN chose it; {@code null} if it did not
 * @param resumed whether it resumed an earlier session
 * @param failure why it failed; {@code null} if it did not
 */
public record TlsHandshake(
        String connection,
        @Nullable SocketAddress address,
        @Nullable String profile,
        @Nullable String protocol,
        boolean resumed,
        Duration elapsed,
        @Nullable Exception failure) {

    /** Tells the listener, if there is one. */
    static void tell(
            HotConnection connection, ProtocolIOSession session, long elapsedNanos, @Nullable Exception failure) {
        HostPool pool = connection.pool;
        PoolListener listener = pool.context.listener();
        if (listener == PoolListener.NONE) {
            return;
        }
        TlsDetails details = session.getTlsDetails();
        SSLSession tls = details != null ? details.getSSLSession() : null;
        TlsHandshake handshake = new TlsHandshake(
                connection.getId(),
                session.getRemoteAddress(),
                tls != null && tls.getValue(HotConnectionManager.PROFILE) instanceof String name ? name : null,
                details != null ? details.getApplicationProtocol() : null,
                tls != null && Boolean.TRUE.equals(tls.getValue(HotConnectionManager.RESUMED)),
                Duration.ofNanos(Math.max(0, elapsedNanos)),
                failure);
        Effects.tell(() -> listener.handshakeEnded(pool.route, handshake));
    }
}
