package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.jspecify.annotations.Nullable;

/** A session that counts what HTTP reads and writes: inside TLS, where there is TLS. Used by the I/O thread alone. */
final class MeteredSession extends ForwardingSession {

    private final ConnectionDetails details;
    private final @Nullable String connection;

    /** @param connection the name of the connection in the log */
    MeteredSession(ProtocolIOSession session, ConnectionDetails details, @Nullable String connection) {
        super(session);
        this.details = details;
        this.connection = connection;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int from = dst.position();
        int count = super.read(dst);
        if (count > 0) {
            received(dst, from, count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        int from = src.position();
        int count = super.write(src);
        if (count > 0) {
            details.sent(count);
            if (WireLog.isOn()) {
                WireLog.write(connection, true, src, from, count);
            }
        }
        return count;
    }

    /** What has come in at this index of the buffer, read from this session or handed over unasked by TLS. */
    void received(ByteBuffer data, int from, int count) {
        details.received(count);
        if (WireLog.isOn()) {
            WireLog.write(connection, false, data, from, count);
        }
    }
}
