package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;

/** Counts a request's body, and keeps it up to a bound where the path wants it. Belongs to one event loop. */
final class RequestBody {

    /** How much of a body is kept, in bytes. */
    static final int MAX_LENGTH = 16 * 1024 * 1024;

    private final boolean wanted;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
    private long length;

    RequestBody(boolean wanted) {
        this.wanted = wanted;
    }

    /** Reads all that is readable. */
    void add(ByteBuf content) {
        int readable = content.readableBytes();
        length += readable;
        if (wanted && length <= MAX_LENGTH) {
            byte[] bytes = new byte[readable];
            content.readBytes(bytes);
            kept.writeBytes(bytes);
        }
    }

    byte[] bytes() {
        return isTooLong() ? new byte[0] : kept.toByteArray();
    }

    long length() {
        return length;
    }

    boolean isTooLong() {
        return wanted && length > MAX_LENGTH;
    }
}
