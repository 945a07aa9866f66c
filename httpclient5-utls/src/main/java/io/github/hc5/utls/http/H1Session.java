package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.Http1StreamListener;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandler;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection (RFC 9112), spoken by HttpCore, whose exchanges are reported. Used by the I/O thread alone. */
final class H1Session implements ProtocolSession {

    private final ProtocolIOSession session;
    private final ConnectionEvents events;
    private final ClientHttp1IOEventHandler handler;
    private final TrackingSession tracking;
    private boolean toldDraining;
    private @Nullable Exception failure;

    H1Session(ProtocolIOSession session, ConnectionEvents events, H1Settings settings) {
        this.session = session;
        this.events = events;
        ClientHttp1StreamDuplexerFactory factory = new ClientHttp1StreamDuplexerFactory(
                settings.processor(),
                settings.config(),
                settings.charCoding(),
                settings.reuseStrategy(),
                null,
                null,
                new Listener(settings.wire()));
        this.tracking = new TrackingSession(session, events, this::exchangeEnded);
        this.handler = new ClientHttp1IOEventHandler(factory.create(tracking));
    }

    @Override
    public int maxExchanges() {
        return 1;
    }

    @Override
    public void connected() throws IOException {
        handler.connected(session);
        if (session.hasCommands()) {
            session.setEvent(SelectionKey.OP_WRITE);
        }
    }

    @Override
    public void inputReady(@Nullable ByteBuffer src) throws IOException {
        if (src != null && src.hasRemaining()) {
            tracking.received();
        }
        handler.inputReady(session, src);
    }

    @Override
    public void outputReady() throws IOException {
        handler.outputReady(session);
    }

    @Override
    public void timeout(Timeout timeout) throws IOException {
        handler.timeout(session, timeout);
    }

    @Override
    public void exception(Exception cause) {
        if (failure == null) {
            failure = cause;
        }
        drain();
        handler.exception(session, cause);
    }

    @Override
    public @Nullable Exception disconnected() {
        drain();
        handler.disconnected(session);
        return failure;
    }

    private void exchangeEnded(@Nullable Exception cause) {
        if (cause != null && failure == null && !session.isOpen()) {
            failure = cause;
        }
        events.exchangeEnded(cause);
    }

    private void drain() {
        if (!toldDraining) {
            toldDraining = true;
            events.draining();
        }
    }

    private final class Listener implements Http1StreamListener {

        private final WireLog wire;

        Listener(WireLog wire) {
            this.wire = wire;
        }

        @Override
        public void onRequestHead(HttpConnection connection, HttpRequest request) {
            wire.request(request);
        }

        @Override
        public void onResponseHead(HttpConnection connection, HttpResponse response) {
            wire.response(response);
        }

        @Override
        public void onExchangeComplete(HttpConnection connection, boolean keepAlive) {
            if (!keepAlive) {
                drain();
            }
        }
    }
}
