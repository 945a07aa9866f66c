package io.github.hc5.utls.http;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.impl.nio.HttpConnectionEventHandler;
import org.apache.hc.core5.http.nio.command.CommandSupport;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.ssl.ApplicationProtocol;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The permanent event handler of one session. It chooses the protocol each time the session is connected, first plain and
 * again after TLS was started on it, and hands the session's events to it.
 */
final class ConnectionHandler implements HttpConnectionEventHandler {

    /** Makes what speaks the protocol that was chosen. */
    interface Protocols {
        ProtocolSession create(ProtocolVersion version, ProtocolIOSession session, ConnectionDetails details);
    }

    private final MeteredSession session;
    private final ConnectionEvents events;
    private final Protocols protocols;
    private final ConnectionDetails details;

    // of the I/O thread, except that any thread may ask for the version
    private @Nullable ProtocolSession protocol;
    private volatile ProtocolVersion version = HttpVersion.HTTP_1_1;
    private @Nullable Exception failure;
    private boolean ended;

    ConnectionHandler(ProtocolIOSession session, ConnectionEvents events, WireLog wire, Protocols protocols) {
        this.events = events;
        this.protocols = protocols;
        this.details = new ConnectionDetails(session);
        this.session = new MeteredSession(session, details, wire);
    }

    @Override
    public void connected(IOSession ignored) throws IOException {
        version = choose();
        ProtocolSession chosen = protocols.create(version, session, details);
        protocol = chosen;
        events.intakeOffered(chosen::offer);
        events.protocolStarted(version, chosen.maxExchanges());
        chosen.connected();
    }

    private ProtocolVersion choose() throws IOException {
        HttpVersionPolicy policy = events.versionPolicy();
        TlsDetails tls = session.getTlsDetails();
        String alpn = tls == null ? null : tls.getApplicationProtocol();
        boolean answered = alpn != null && !alpn.isEmpty();
        boolean http2 = ApplicationProtocol.HTTP_2.id.equals(alpn);
        if (answered && !http2 && !ApplicationProtocol.HTTP_1_1.id.equals(alpn)) {
            throw new IOException("The server chose the protocol '" + alpn + "', offered were h2 and http/1.1");
        }
        if (answered && policy != HttpVersionPolicy.NEGOTIATE && http2 != (policy == HttpVersionPolicy.FORCE_HTTP_2)) {
            throw new IOException("The server chose the protocol '" + alpn + "', the version policy is " + policy);
        }
        return http2 || (!answered && policy == HttpVersionPolicy.FORCE_HTTP_2)
                ? HttpVersion.HTTP_2
                : HttpVersion.HTTP_1_1;
    }

    @Override
    public void inputReady(IOSession current, @Nullable ByteBuffer src) throws IOException {
        ProtocolSession p = protocol;
        if (p == null) {
            return;
        }
        if (src != null) {
            // what TLS hands over unasked; the rest is read from the session
            session.received(src.remaining());
        }
        p.inputReady(src);
        IOEventHandler transport = current.getHandler();
        if (transport != this && p.wroteAlone()) {
            // What TLS has encrypted would otherwise wait for a write event: two more turns of the selector.
            transport.outputReady(current);
        }
    }

    @Override
    public void outputReady(IOSession ignored) throws IOException {
        if (protocol != null) {
            protocol.outputReady();
        }
    }

    @Override
    public void timeout(IOSession ignored, Timeout timeout) throws IOException {
        if (protocol != null) {
            protocol.timeout(timeout);
        } else {
            session.close(CloseMode.IMMEDIATE);
        }
    }

    @Override
    public void exception(IOSession ignored, Exception cause) {
        if (failure == null && !(cause instanceof ConnectionClosedException)) {
            failure = cause;
        }
        if (protocol != null) {
            protocol.exception(cause);
        } else {
            session.close(CloseMode.IMMEDIATE);
            CommandSupport.failCommands(session, cause);
        }
    }

    @Override
    public void disconnected(IOSession ignored) {
        if (ended) {
            return;
        }
        ended = true;
        if (protocol != null) {
            Exception cause = protocol.disconnected();
            failure = failure == null ? cause : failure;
        } else {
            CommandSupport.cancelCommands(session);
        }
        events.ended(failure);
    }

    // ---- HttpConnection

    @Override
    public EndpointDetails getEndpointDetails() {
        return details.endpoint();
    }

    @Override
    public ProtocolVersion getProtocolVersion() {
        return version;
    }

    @Override
    public @Nullable SSLSession getSSLSession() {
        TlsDetails tls = session.getTlsDetails();
        return tls == null ? null : tls.getSSLSession();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return session.getLocalAddress();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return session.getRemoteAddress();
    }

    @Override
    public Timeout getSocketTimeout() {
        return session.getSocketTimeout();
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        session.setSocketTimeout(timeout);
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public void close() {
        session.enqueue(ShutdownCommand.GRACEFUL, Command.Priority.IMMEDIATE);
    }

    @Override
    public void close(CloseMode closeMode) {
        session.close(closeMode);
    }

    @Override
    public String toString() {
        return session + " " + version;
    }
}
