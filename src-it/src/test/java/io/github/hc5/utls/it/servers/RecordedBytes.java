package io.github.hc5.utls.it.servers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A growing copy of one direction of a connection. Safe for use by several threads. */
final class RecordedBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Appends what {@code buffer} holds, without consuming it. */
    synchronized void append(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        bytes.writeBytes(copy);
    }

    synchronized byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
