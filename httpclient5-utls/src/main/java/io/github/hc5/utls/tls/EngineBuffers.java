package io.github.hc5.utls.tls;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the Javadoc of {@link javax.net.ssl.SSLEngine} demands of the buffers that an engine is handed. */
final class EngineBuffers {

    private EngineBuffers() {}

    /** @throws IllegalArgumentException if it is null */
    static void require(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            throw new IllegalArgumentException("a buffer is null");
        }
    }

    /**
     * @throws IllegalArgumentException if a buffer or the array is null
     * @throws IndexOutOfBoundsException if the range is not one of the array
     */
    static void require(@Nullable ByteBuffer @Nullable [] buffers, int offset, int length) {
        if (buffers == null) {
            throw new IllegalArgumentException("the buffers are null");
        }
        Objects.checkFromIndexSize(offset, length, buffers.length);
        for (int i = offset; i < offset + length; i++) {
            require(buffers[i]);
        }
    }

    /** As {@link #require(ByteBuffer)}. */
    static void requireWritable(ByteBuffer buffer) {
        require(buffer);
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
    }

    /** As {@link #require(ByteBuffer[], int, int)}. */
    static void requireWritable(ByteBuffer[] buffers, int offset, int length) {
        require(buffers, offset, length);
        for (int i = offset; i < offset + length; i++) {
            requireWritable(buffers[i]);
        }
    }
}
