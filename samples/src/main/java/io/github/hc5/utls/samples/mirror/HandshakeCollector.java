package io.github.hc5.utls.samples.mirror;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Puts handshake messages (RFC 8446, section 4) together from the records that carry them: a message may span several
 * records, a record may hold several messages. Bounded. Not thread-safe.
 */
final class HandshakeCollector {

    static final int MESSAGE_HEADER_LENGTH = 4;

    private static final int MAX_LENGTH = 64 * 1024;

    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private int received;

    /**
     * A handshake message.
     *
     * @param type the handshake type
     * @param body the message without its header of four bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never shared
    record Message(int type, byte[] body) {}

    /** Adds a raw record of the handshake type. */
    void add(byte[] record) {
        received += record.length; // headers count: records may be empty
        if (!isFull()) {
            pending.write(record, TlsRecordReader.HEADER_LENGTH, record.length - TlsRecordReader.HEADER_LENGTH);
        }
    }

    /** Returns whether more records came than are read, so that no more messages come out. */
    boolean isFull() {
        return received > MAX_LENGTH;
    }

    /** Takes the next message out, if it is complete. */
    Optional<Message> next() {
        byte[] bytes = pending.toByteArray();
        if (isFull() || bytes.length < MESSAGE_HEADER_LENGTH) {
            return Optional.empty();
        }
        int length = (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF);
        int end = MESSAGE_HEADER_LENGTH + length;
        if (bytes.length < end) {
            return Optional.empty();
        }
        pending.reset();
        pending.write(bytes, end, bytes.length - end);
        return Optional.of(new Message(bytes[0] & 0xFF, Arrays.copyOfRange(bytes, MESSAGE_HEADER_LENGTH, end)));
    }
}
