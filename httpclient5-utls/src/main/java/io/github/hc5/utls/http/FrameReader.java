package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;

/**
 * Cuts the inbound byte stream into whole frames (RFC 9113 section 4.1). A frame that lies complete in the bytes handed
 * in is passed on where it is; only one that is split between two reads is copied. Used by the I/O thread alone.
 */
final class FrameReader {

    /** Takes whole frames. The payload is valid during the call only. */
    interface Sink {
        void frame(int type, int flags, int streamId, ByteBuffer payload) throws IOException;
    }

    private final int maxPayload;
    private byte[] partial = new byte[H2Frames.HEADER_LENGTH];
    private int filled;

    FrameReader(int maxPayload) {
        this.maxPayload = maxPayload;
    }

    /** Consumes all of {@code src}. */
    void feed(ByteBuffer src, Sink sink) throws IOException {
        while (src.hasRemaining()) {
            if (filled > 0 || !wholeFrame(src, sink)) {
                collect(src, sink);
            }
        }
    }

    /** Returns whether the stream ends inside a frame. */
    boolean isInsideFrame() {
        return filled > 0;
    }

    private boolean wholeFrame(ByteBuffer src, Sink sink) throws IOException {
        if (src.remaining() < H2Frames.HEADER_LENGTH) {
            return false;
        }
        int start = src.position();
        int length = checked(src.getInt(start) >>> 8);
        int end = start + H2Frames.HEADER_LENGTH + length;
        if (end > src.limit()) {
            return false;
        }
        int type = src.get(start + 3) & 0xFF;
        int flags = src.get(start + 4) & 0xFF;
        int streamId = src.getInt(start + 5) & 0x7FFFFFFF;
        int limit = src.limit();
        src.limit(end).position(start + H2Frames.HEADER_LENGTH);
        sink.frame(type, flags, streamId, src);
        src.limit(limit).position(end);
        return true;
    }

    private void collect(ByteBuffer src, Sink sink) throws IOException {
        if (filled < H2Frames.HEADER_LENGTH) {
            take(src, H2Frames.HEADER_LENGTH);
            if (filled < H2Frames.HEADER_LENGTH) {
                return;
            }
        }
        ByteBuffer frame = ByteBuffer.wrap(partial);
        int whole = H2Frames.HEADER_LENGTH + checked(frame.getInt(0) >>> 8);
        if (partial.length < whole) {
            partial = Arrays.copyOf(partial, whole);
            frame = ByteBuffer.wrap(partial);
        }
        take(src, whole);
        if (filled == whole) {
            filled = 0;
            frame.limit(whole).position(H2Frames.HEADER_LENGTH);
            sink.frame(partial[3] & 0xFF, partial[4] & 0xFF, frame.getInt(5) & 0x7FFFFFFF, frame);
        }
    }

    private void take(ByteBuffer src, int upTo) {
        int count = Math.min(upTo - filled, src.remaining());
        src.get(partial, filled, count);
        filled += count;
    }

    private int checked(int length) throws H2ConnectionException {
        if (length > maxPayload) {
            throw new H2ConnectionException(
                    H2Error.FRAME_SIZE_ERROR, "frame of " + length + " bytes, allowed are " + maxPayload);
        }
        return length;
    }
}
