package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/** A session that counts what HTTP reads and writes: inside TLS, where there is TLS. Used by the I/O thread alone. */
final class MeteredSession extends ForwardingSession {

    private final ConnectionDetails details;

    MeteredSession(ProtocolIOSession session, ConnectionDetails details) {
        super(session);
        this.details = details;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int count = super.read(dst);
        if (count > 0) {
            details.received(count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        int count = super.write(src);
        if (count > 0) {
            details.sent(count);
        }
        return count;
    }
}
