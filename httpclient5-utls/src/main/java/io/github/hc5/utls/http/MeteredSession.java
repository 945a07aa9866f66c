package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/** A session that counts what HTTP reads and writes: inside TLS, where there is TLS. Used by the I/O thread alone. */
final class MeteredSession extends ForwardingSession {

    private final ConnectionDetails details;
    private final WireLog wire;

    MeteredSession(ProtocolIOSession session, ConnectionDetails details, WireLog wire) {
        super(session);
        this.details = details;
        this.wire = wire;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int count = super.read(dst);
        if (count > 0) {
            received(count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        int count = super.write(src);
        if (count > 0) {
            details.sent(count);
            wire.sent(count);
        }
        return count;
    }

    /** So much has come in, read from this session or handed over unasked by TLS. */
    void received(int count) {
        details.received(count);
        wire.received(count);
    }
}
