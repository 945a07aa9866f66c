package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;

/**
 * What the peer's SETTINGS allow us. A frame changes the parameters it names and leaves the others as they were (RFC 9113
 * section 6.5.3); unknown ones are ignored. Guarded by the session's lock.
 */
final class PeerSettings {

    /** RFC 9113 section 6.5.2 recommends that a peer allow no fewer than this. */
    static final int ASSUMED_STREAMS = 100;

    private long headerTableSize = H2Frames.DEFAULT_TABLE_SIZE;
    private int maxStreams = ASSUMED_STREAMS;
    private int initialWindow = H2Frames.DEFAULT_WINDOW;
    private int maxFrameSize = H2Frames.MIN_MAX_FRAME_SIZE;
    private boolean received;
    private boolean namedTableSize;

    long headerTableSize() {
        return headerTableSize;
    }

    /** Returns whether the last frame named the size of the header table, the same as before or not. */
    boolean namedTableSize() {
        return namedTableSize;
    }

    int maxStreams() {
        return maxStreams;
    }

    int initialWindow() {
        return initialWindow;
    }

    int maxFrameSize() {
        return maxFrameSize;
    }

    /** Applies the payload of a SETTINGS frame, each parameter in turn. */
    void apply(ByteBuffer payload) throws H2ConnectionException {
        if (payload.remaining() % 6 != 0) {
            throw new H2ConnectionException(
                    H2Error.FRAME_SIZE_ERROR, "SETTINGS of " + payload.remaining() + " bytes, must be a multiple of 6");
        }
        if (!received) {
            received = true;
            maxStreams = Integer.MAX_VALUE;
        }
        namedTableSize = false;
        while (payload.hasRemaining()) {
            parameter(payload.getShort() & 0xFFFF, payload.getInt() & 0xFFFF_FFFFL);
        }
    }

    private void parameter(int id, long value) throws H2ConnectionException {
        switch (id) {
            case Setting.HEADER_TABLE_SIZE -> {
                headerTableSize = value;
                namedTableSize = true;
            }
            case Setting.ENABLE_PUSH -> require(value == 0, H2Error.PROTOCOL_ERROR, id, value);
            case Setting.MAX_CONCURRENT_STREAMS -> maxStreams = (int) Math.min(value, Integer.MAX_VALUE);
            case Setting.INITIAL_WINDOW_SIZE -> {
                require(value <= Integer.MAX_VALUE, H2Error.FLOW_CONTROL_ERROR, id, value);
                initialWindow = (int) value;
            }
            case Setting.MAX_FRAME_SIZE -> {
                boolean allowed = value >= H2Frames.MIN_MAX_FRAME_SIZE && value <= H2Frames.MAX_MAX_FRAME_SIZE;
                require(allowed, H2Error.PROTOCOL_ERROR, id, value);
                maxFrameSize = (int) value;
            }
            default -> {}
        }
    }

    private static void require(boolean allowed, H2Error error, int id, long value) throws H2ConnectionException {
        if (!allowed) {
            throw new H2ConnectionException(error, "SETTINGS parameter " + id + " has the illegal value " + value);
        }
    }
}
