package io.github.hc5.utls.tls;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The plaintext of a gathering wrap: several buffers, read as one. */
@SuppressWarnings("ArrayRecordComponent") // a carrier that is never compared
record GatheredSource(ByteBuffer[] buffers, int offset, int length) {

    int remaining() {
        return remaining(buffers, offset, length);
    }

    /** Returns the buffer that alone holds the next {@code size} bytes in an array, or null if there is none. */
    @Nullable
    ByteBuffer single(int size) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                return buffers[i].hasArray() && buffers[i].remaining() >= size ? buffers[i] : null;
            }
        }
        return null;
    }

    /** Copies the next {@code size} bytes to the start of an array. */
    void read(byte[] target, int size) {
        int filled = 0;
        for (int i = offset; i < offset + length && filled < size; i++) {
            int chunk = Math.min(size - filled, buffers[i].remaining());
            buffers[i].get(target, filled, chunk);
            filled += chunk;
        }
    }

    static int remaining(ByteBuffer[] buffers, int offset, int length) {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += buffers[i].remaining();
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }
}
