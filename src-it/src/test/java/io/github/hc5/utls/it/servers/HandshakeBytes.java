package io.github.hc5.utls.it.servers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the hellos out of plaintext handshake records, and vectors out of messages. It is written for the tests alone and
 * shares no code with the library, so that a misunderstanding of one is not confirmed by the other.
 */
final class HandshakeBytes {

    private HandshakeBytes() {}

    /** A handshake message with the version of the record in which it began. */
    record Message(int recordVersion, int type, ByteBuffer body) {}

    /**
     * Returns the messages of the given type that lead the stream. A change_cipher_spec record between them is passed
     * over (RFC 8446 appendix D.4); the first other message or content type ends them.
     */
    static List<Message> leading(List<TlsRecord> records, int type) {
        List<Message> messages = new ArrayList<>();
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        int version = 0;
        for (TlsRecord record : records) {
            if (record.type() == TlsRecord.CHANGE_CIPHER_SPEC) {
                continue;
            }
            if (record.type() != TlsRecord.HANDSHAKE) {
                break;
            }
            if (pending.size() == 0) {
                version = record.version();
            }
            pending.writeBytes(record.fragment().toByteArray());
            ByteBuffer in = ByteBuffer.wrap(pending.toByteArray());
            while (in.remaining() >= 4) {
                int header = in.getInt(in.position());
                int length = header & 0xFFFFFF;
                if (header >>> 24 != type) {
                    return messages;
                }
                if (in.remaining() < 4 + length) {
                    break;
                }
                messages.add(new Message(version, type, in.slice(in.position() + 4, length)));
                in.position(in.position() + 4 + length);
                version = record.version();
            }
            pending.reset();
            pending.write(in.array(), in.position(), in.remaining());
        }
        return messages;
    }

    static int uint8(ByteBuffer in) {
        return in.get() & 0xFF;
    }

    static int uint16(ByteBuffer in) {
        return in.getShort() & 0xFFFF;
    }

    static byte[] bytes(ByteBuffer in, int length) {
        byte[] out = new byte[length];
        in.get(out);
        return out;
    }

    static List<Integer> uint16s(ByteBuffer in, int byteLength) {
        List<Integer> values = new ArrayList<>();
        int end = in.position() + byteLength;
        while (in.position() < end) {
            values.add(uint16(in));
        }
        return values;
    }

    /** Reads the extensions block to the end of the message; there may be none in TLS 1.2. */
    static List<WireExtension> extensions(ByteBuffer in) {
        List<WireExtension> extensions = new ArrayList<>();
        if (!in.hasRemaining()) {
            return extensions;
        }
        int length = uint16(in);
        if (length != in.remaining()) {
            throw new IllegalArgumentException("extensions of " + length + " bytes in " + in.remaining());
        }
        while (in.hasRemaining()) {
            int type = uint16(in);
            extensions.add(WireExtension.of(type, bytes(in, uint16(in))));
        }
        return extensions;
    }
}
