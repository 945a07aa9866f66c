package io.github.hc5.utls.tls;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The destination of a scattering unwrap: several buffers, written as one. */
final class ScatteredTarget implements UtlsClientProtocol.PlaintextSink {

    private final ByteBuffer[] buffers;
    private final int offset;
    private final int length;
    private int current;
    private int written;

    ScatteredTarget(ByteBuffer[] buffers, int offset, int length) {
        this.buffers = buffers;
        this.offset = offset;
        this.length = length;
        this.current = offset;
    }

    int remaining() {
        return GatheredSource.remaining(buffers, offset, length);
    }

    /** Returns the bytes written so far. */
    int written() {
        return written;
    }

    /** Returns the only buffer, or null if there are several or none. */
    @Nullable
    ByteBuffer single() {
        return length == 1 ? buffers[offset] : null;
    }

    @Override
    public void plaintext(byte[] bytes, int from, int count) {
        int next = from;
        int left = count;
        while (left > 0) {
            if (current == offset + length) {
                throw new BufferOverflowException();
            }
            ByteBuffer target = buffers[current];
            int chunk = Math.min(left, target.remaining());
            RecordTargets.put(target, bytes, next, chunk);
            next += chunk;
            left -= chunk;
            if (!target.hasRemaining()) {
                current++;
            }
        }
        written += count;
    }
}
