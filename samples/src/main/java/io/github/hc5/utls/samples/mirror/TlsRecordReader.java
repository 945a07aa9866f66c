package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Splits one direction of a TLS connection into records (RFC 8446, section 5.1) as the bytes come, in pieces of any
 * size, without consuming them. Bodies are kept only where the sink asks for them. Bytes that can be no TLS end the
 * reading for good. Not thread-safe.
 */
final class TlsRecordReader {

    static final int CHANGE_CIPHER_SPEC = 20;
    static final int HANDSHAKE = 22;
    static final int HEADER_LENGTH = 5;

    private static final int HEARTBEAT = 24;
    private static final int MAJOR_VERSION = 3;

    /** RFC 5246, section 6.2.3: a ciphertext is at most 2,048 bytes longer than its plaintext of 2^14. */
    private static final int MAX_LENGTH = (1 << 14) + 2048;

    private final Sink sink;
    private final byte[] header = new byte[HEADER_LENGTH];
    private int headerFilled;
    private byte @Nullable [] kept;
    private int bodyMissing;
    private boolean broken;

    /** Receives the records of one direction. */
    interface Sink {

        /** A record's header has come. Returns whether its body is wanted. */
        boolean header(int type, int length);

        /** A wanted record is complete: header and body as on the wire. */
        void record(byte[] bytes);
    }

    TlsRecordReader(Sink sink) {
        this.sink = sink;
    }

    /** Reads what is readable in the buffer; its indices stay as they are. */
    void read(ByteBuf buffer) {
        int index = buffer.readerIndex();
        int end = buffer.writerIndex();
        while (index < end && !broken) {
            if (headerFilled < HEADER_LENGTH) {
                header[headerFilled++] = buffer.getByte(index++);
                if (headerFilled == HEADER_LENGTH) {
                    startRecord();
                }
            } else {
                int length = Math.min(bodyMissing, end - index);
                if (kept != null) {
                    buffer.getBytes(index, kept, kept.length - bodyMissing, length);
                }
                index += length;
                bodyMissing -= length;
                endRecordIfComplete();
            }
        }
    }

    private void startRecord() {
        int type = header[0] & 0xFF;
        int length = (header[3] & 0xFF) << 8 | (header[4] & 0xFF);
        if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT || header[1] != MAJOR_VERSION || length > MAX_LENGTH) {
            broken = true;
            return;
        }
        bodyMissing = length;
        if (sink.header(type, length)) {
            kept = new byte[HEADER_LENGTH + length];
            System.arraycopy(header, 0, kept, 0, HEADER_LENGTH);
        }
        endRecordIfComplete();
    }

    private void endRecordIfComplete() {
        if (bodyMissing == 0) {
            byte[] complete = kept;
            kept = null;
            headerFilled = 0;
            if (complete != null) {
                sink.record(complete);
            }
        }
    }
}
