package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Splits a client's decrypted HTTP/2 bytes into preface and frames (RFC 9113, sections 3.4 and 4.1) as they come, in
 * pieces of any size, without consuming them. Of a payload at most {@link #MAX_PAYLOAD} bytes are kept. Not thread-safe.
 */
final class Http2FrameReader {

    /** The SETTINGS_MAX_FRAME_SIZE of a server that announces none. */
    static final int MAX_PAYLOAD = 1 << 14;

    static final int HEADER_LENGTH = 9;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Sink sink;
    private final byte[] header = new byte[HEADER_LENGTH];
    private int prefaceSeen;
    private int headerFilled;
    private int payloadLength;
    private int payloadSeen;
    private byte[] kept = {};

    /** Receives the frames. */
    interface Sink {

        /** Returns how many bytes of a payload are wanted; what follows them is skipped. */
        int wanted(int type, int length);

        /** A frame is complete; {@code payload} is the wanted part of {@code length} bytes. */
        void frame(int type, int flags, int streamId, int length, byte[] payload) throws MalformedFrameException;
    }

    Http2FrameReader(Sink sink) {
        this.sink = sink;
    }

    /**
     * Reads what is readable in the buffer; its indices stay as they are.
     *
     * @throws MalformedFrameException if the bytes are no HTTP/2; nothing more may be read then
     */
    void read(ByteBuf buffer) throws MalformedFrameException {
        int index = buffer.readerIndex();
        int end = buffer.writerIndex();
        while (index < end) {
            if (prefaceSeen < PREFACE.length) {
                if (buffer.getByte(index++) != PREFACE[prefaceSeen++]) {
                    throw new MalformedFrameException("the connection does not start with HTTP/2's preface");
                }
            } else if (headerFilled < HEADER_LENGTH) {
                header[headerFilled++] = buffer.getByte(index++);
                if (headerFilled == HEADER_LENGTH) {
                    startFrame();
                }
            } else {
                int length = Math.min(payloadLength - payloadSeen, end - index);
                int keep = Math.min(length, Math.max(0, kept.length - payloadSeen));
                buffer.getBytes(index, kept, Math.min(payloadSeen, kept.length), keep);
                index += length;
                payloadSeen += length;
                endFrameIfComplete();
            }
        }
    }

    private void startFrame() throws MalformedFrameException {
        payloadLength = (header[0] & 0xFF) << 16 | (header[1] & 0xFF) << 8 | (header[2] & 0xFF);
        payloadSeen = 0;
        kept = new byte[Math.min(Math.min(payloadLength, MAX_PAYLOAD), sink.wanted(header[3] & 0xFF, payloadLength))];
        endFrameIfComplete();
    }

    private void endFrameIfComplete() throws MalformedFrameException {
        if (payloadSeen == payloadLength) {
            headerFilled = 0;
            int streamId =
                    (header[5] & 0x7F) << 24 | (header[6] & 0xFF) << 16 | (header[7] & 0xFF) << 8 | (header[8] & 0xFF);
            byte[] payload = kept;
            kept = new byte[0];
            sink.frame(header[3] & 0xFF, header[4] & 0xFF, streamId, payloadLength, payload);
        }
    }
}
