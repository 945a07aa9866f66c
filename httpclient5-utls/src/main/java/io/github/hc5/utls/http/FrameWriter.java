package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Frames on their way out, in one buffer, with the places where one TLS record ends and the next begins.
 *
 * <p>A TLS session makes one record of each {@code write}. Browsers make one record of some frames together (the start of
 * a connection) and one of others alone, which an observer sees as record sizes; so {@link #flush} writes up to the next
 * {@linkplain #cut() cut} and no further.
 *
 * <p>Not safe for use by several threads; the session's lock guards it.
 */
final class FrameWriter {

    private static final int KEEP = 1 << 16;
    private static final long NONE = -1;

    private byte[] buffer = new byte[1024];
    private ByteBuffer view = ByteBuffer.wrap(buffer);
    private int head;
    private int tail;

    /** Bytes written before {@code buffer[0]}: makes positions of the whole stream out of indexes. */
    private long base;

    private long[] cuts = new long[16];
    private int firstCut;
    private int cutCount;

    private int frameStart;
    private long lastDataFlagsAt = NONE;
    private int lastDataStream;

    /** Returns the number of bytes not yet written. */
    int pending() {
        return tail - head;
    }

    /** Returns the position in the stream after the last frame. */
    long position() {
        return base + tail;
    }

    /** Returns the number of bytes of the stream that the session has taken. */
    long written() {
        return base + head;
    }

    void bytes(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, buffer, tail, count);
        tail += count;
    }

    void int8(int value) {
        reserve(1);
        buffer[tail++] = (byte) value;
    }

    void int16(int value) {
        int8(value >>> 8);
        int8(value);
    }

    void int32(int value) {
        reserve(4);
        view.putInt(tail, value);
        tail += 4;
    }

    /** Starts a frame, whose payload follows by {@link #int32} and its like until {@link #end}. */
    void begin(int type, int flags, int streamId) {
        frameStart = tail;
        int32(type);
        int8(flags);
        int32(streamId);
        lastDataFlagsAt = NONE;
    }

    /** Ends the frame: its length is known now. */
    void end() {
        int length = tail - frameStart - H2Frames.HEADER_LENGTH;
        buffer[frameStart] = (byte) (length >>> 16);
        buffer[frameStart + 1] = (byte) (length >>> 8);
        buffer[frameStart + 2] = (byte) length;
    }

    /** Adds a DATA frame with the next {@code count} bytes of {@code source}. */
    void data(int streamId, ByteBuffer source, int count) {
        begin(H2Frames.DATA, 0, streamId);
        reserve(count);
        source.get(buffer, tail, count);
        tail += count;
        end();
        lastDataStream = streamId;
        lastDataFlagsAt = base + frameStart + 4;
    }

    /** Ends a stream: on its last DATA frame where that is still here and the last of all, as browsers do. */
    void endStream(int streamId) {
        if (lastDataFlagsAt != NONE && lastDataStream == streamId && lastDataFlagsAt >= written()) {
            buffer[(int) (lastDataFlagsAt - base)] |= H2Frames.END_STREAM;
            lastDataFlagsAt = NONE;
        } else {
            begin(H2Frames.DATA, H2Frames.END_STREAM, streamId);
            end();
            cut();
        }
    }

    /** Ends the TLS record after the last frame. */
    void cut() {
        long at = position();
        if (cutCount > 0 && cuts[(firstCut + cutCount - 1) % cuts.length] == at) {
            return;
        }
        if (cutCount == cuts.length) {
            long[] larger = new long[cuts.length * 2];
            for (int i = 0; i < cutCount; i++) {
                larger[i] = cuts[(firstCut + i) % cuts.length];
            }
            cuts = larger;
            firstCut = 0;
        }
        cuts[(firstCut + cutCount++) % cuts.length] = at;
    }

    /**
     * Writes what the channel takes.
     *
     * @return whether all has been written
     */
    boolean flush(WritableByteChannel channel) throws IOException {
        while (head < tail) {
            int end = cutCount > 0 ? (int) (cuts[firstCut] - base) : tail;
            view.limit(end).position(head);
            int count;
            try {
                count = channel.write(view);
            } finally {
                view.clear();
            }
            if (count <= 0) {
                return false;
            }
            head += count;
            if (cutCount > 0 && head == end) {
                firstCut = (firstCut + 1) % cuts.length;
                cutCount--;
            }
        }
        base += head;
        head = 0;
        tail = 0;
        if (buffer.length > KEEP) {
            resize(1024, 0);
        }
        return true;
    }

    private void reserve(int count) {
        if (buffer.length - tail >= count) {
            return;
        }
        int pending = tail - head;
        int size = buffer.length;
        while (size - pending < count) {
            size *= 2;
        }
        int moved = head;
        resize(size, pending);
        base += moved;
        frameStart -= moved;
        tail -= moved;
        head = 0;
    }

    private void resize(int size, int pending) {
        byte[] next = size == buffer.length ? buffer : new byte[size];
        System.arraycopy(buffer, head, next, 0, pending);
        buffer = next;
        view = ByteBuffer.wrap(next);
    }
}
