package io.github.hc5.utls.pool;

import java.net.SocketAddress;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The session of a connection, once there is one, as HttpClient and its users see it. Before that the connection is
 * closed and has no addresses. Thread-safe.
 */
abstract class SessionConnection extends LeaseState implements HttpConnection {

    /** Written before the first command is enqueued, by the opener. */
    volatile @Nullable ProtocolIOSession session;

    /** What was reported; {@code null} until then. */
    volatile @Nullable ProtocolVersion protocol;

    private volatile @Nullable Timeout initialTimeout;

    SessionConnection(boolean leased) {
        super(leased);
    }

    void attach(ProtocolIOSession newSession) {
        initialTimeout = newSession.getSocketTimeout();
        session = newSession;
    }

    ProtocolIOSession sessionOrThrow() {
        return Objects.requireNonNull(session, "not connected");
    }

    void enqueue(Command command, Command.Priority priority) {
        sessionOrThrow().enqueue(command, priority);
    }

    /** Sets the socket timeout for exchanges: the route's, or the reactor's where the route has none. */
    void activate(RouteTimes times) {
        Timeout timeout = times.socketTimeout() != null ? times.socketTimeout() : initialTimeout;
        ProtocolIOSession s = session;
        if (s != null && timeout != null && !timeout.equals(s.getSocketTimeout())) {
            s.setSocketTimeout(timeout);
        }
    }

    /** An idle connection is not timed by its socket. */
    void passivate() {
        ProtocolIOSession s = session;
        if (s != null && !Timeout.DISABLED.equals(s.getSocketTimeout())) {
            s.setSocketTimeout(Timeout.DISABLED);
        }
    }

    boolean isHttp2() {
        return getProtocolVersion().greaterEquals(HttpVersion.HTTP_2);
    }

    boolean isResumed() {
        SSLSession tls = getSSLSession();
        return tls != null && Boolean.TRUE.equals(tls.getValue(HotConnectionManager.RESUMED));
    }

    @Override
    public boolean isOpen() {
        ProtocolIOSession s = session;
        if (s == null || !s.isOpen()) {
            return false;
        }
        return !(s.getHandler() instanceof HttpConnection handler) || handler.isOpen();
    }

    @Override
    public void close() {
        ProtocolIOSession s = session;
        if (s != null) {
            s.enqueue(new ShutdownCommand(CloseMode.GRACEFUL), Command.Priority.IMMEDIATE);
        }
    }

    @Override
    public void close(CloseMode mode) {
        ProtocolIOSession s = session;
        if (s != null) {
            s.close(mode);
        }
    }

    @Override
    public @Nullable EndpointDetails getEndpointDetails() {
        ProtocolIOSession s = session;
        IOEventHandler handler = s != null ? s.getHandler() : null;
        return handler instanceof HttpConnection http ? http.getEndpointDetails() : null;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() {
        ProtocolIOSession s = session;
        return s != null ? s.getLocalAddress() : null;
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() {
        ProtocolIOSession s = session;
        return s != null ? s.getRemoteAddress() : null;
    }

    /** What was reported, else what a handler that reports nothing says of itself. */
    @Override
    public ProtocolVersion getProtocolVersion() {
        ProtocolVersion version = protocol;
        if (version == null) {
            ProtocolIOSession s = session;
            IOEventHandler handler = s != null ? s.getHandler() : null;
            version = handler instanceof HttpConnection http ? http.getProtocolVersion() : null;
        }
        return version != null ? version : HttpVersion.DEFAULT;
    }

    @Nullable
    TlsDetails tlsDetails() {
        ProtocolIOSession s = session;
        return s != null ? s.getTlsDetails() : null;
    }

    @Override
    public @Nullable SSLSession getSSLSession() {
        TlsDetails details = tlsDetails();
        return details != null ? details.getSSLSession() : null;
    }

    @Override
    public @Nullable Timeout getSocketTimeout() {
        ProtocolIOSession s = session;
        return s != null ? s.getSocketTimeout() : null;
    }

    @Override
    public void setSocketTimeout(@Nullable Timeout timeout) {
        ProtocolIOSession s = session;
        if (s != null) {
            s.setSocketTimeout(timeout);
        }
    }
}
