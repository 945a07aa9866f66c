package io.github.hc5.utls.it.hostile;

import java.nio.ByteBuffer;

/** The kinds of byte buffer that a caller may hand to an engine. */
enum BufferStyle {
    HEAP {
        @Override
        ByteBuffer allocate(int capacity) {
            return ByteBuffer.allocate(capacity);
        }
    },
    DIRECT {
        @Override
        ByteBuffer allocate(int capacity) {
            return ByteBuffer.allocateDirect(capacity);
        }
    },
    /** A heap buffer whose index 0 is not the index 0 of its array, so that a forgotten arrayOffset() shows. */
    SLICED {
        @Override
        ByteBuffer allocate(int capacity) {
            return ByteBuffer.allocate(capacity + 7 + 13).slice(7, capacity);
        }
    },
    /** A buffer whose position is not 0 and whose limit is not its capacity. */
    OFFSET {
        @Override
        ByteBuffer allocate(int capacity) {
            return ByteBuffer.allocate(capacity + 11 + 5).position(11).limit(11 + capacity);
        }
    },
    /** Sources that may not be written, which have no array to get at; destinations are ordinary. */
    READ_ONLY_SOURCE {
        @Override
        ByteBuffer allocate(int capacity) {
            return ByteBuffer.allocate(capacity);
        }

        @Override
        ByteBuffer source(byte[] bytes, int offset, int length) {
            return super.source(bytes, offset, length).asReadOnlyBuffer();
        }
    };

    abstract ByteBuffer allocate(int capacity);

    /** Returns an empty destination with exactly that much room. */
    ByteBuffer destination(int room) {
        return allocate(room);
    }

    /** Returns a copy of the bytes, ready to be read. */
    ByteBuffer source(byte[] bytes, int offset, int length) {
        ByteBuffer buffer = allocate(length);
        int start = buffer.position();
        buffer.put(bytes, offset, length);
        return buffer.position(start);
    }

    ByteBuffer source(byte[] bytes) {
        return source(bytes, 0, bytes.length);
    }
}
