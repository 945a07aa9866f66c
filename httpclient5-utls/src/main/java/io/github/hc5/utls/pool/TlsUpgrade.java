package io.github.hc5.utls.pool;

import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http2.ssl.ApplicationProtocol;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The end of a TLS handshake on a live session, told once. */
final class TlsUpgrade implements FutureCallback<TransportSecurityLayer> {

    private final HotConnection connection;
    private final FutureCallback<HotConnection> callback;
    private final AtomicBoolean done = new AtomicBoolean();
    private final long startNanos;
    private volatile @Nullable Cancellable deadline;

    TlsUpgrade(HotConnection connection, FutureCallback<HotConnection> callback) {
        this.connection = connection;
        this.callback = callback;
        this.startNanos = connection.pool.context.clock.getAsLong();
    }

    void limit(PoolTimer timer, Timeout timeout) {
        deadline = timer.schedule(
                () -> failed(new SocketTimeoutException("TLS handshake not finished within " + timeout)),
                timeout.toNanoseconds());
    }

    private long elapsedNanos() {
        return connection.pool.context.clock.getAsLong() - startNanos;
    }

    private boolean finish() {
        Cancellable timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
        return done.compareAndSet(false, true);
    }

    @Override
    public void completed(TransportSecurityLayer layer) {
        TlsDetails details = connection.tlsDetails();
        boolean http2 = details != null && ApplicationProtocol.HTTP_2.id.equals(details.getApplicationProtocol());
        if (!finish()) {
            return;
        }
        long elapsedNanos = elapsedNanos();
        connection.handshaken(elapsedNanos);
        TlsHandshake.tell(connection, connection.sessionOrThrow(), elapsedNanos, null);
        if (http2 && !connection.isHttp2()) {
            // a handler that does not choose by ALPN itself
            connection.sessionOrThrow().switchProtocol(ApplicationProtocol.HTTP_2.id, new FutureCallback<>() {
                @Override
                public void completed(ProtocolIOSession session) {
                    established();
                }

                @Override
                public void failed(Exception cause) {
                    callback.failed(cause);
                }

                @Override
                public void cancelled() {
                    callback.cancelled();
                }
            });
        } else {
            established();
        }
    }

    private void established() {
        if (connection.isOpening()) {
            connection.pool.openings.opened(connection);
        }
        callback.completed(connection);
    }

    @Override
    public void failed(Exception cause) {
        if (finish()) {
            TlsHandshake.tell(connection, connection.sessionOrThrow(), elapsedNanos(), cause);
            callback.failed(cause);
        }
    }

    @Override
    public void cancelled() {
        if (finish()) {
            callback.cancelled();
        }
    }
}
