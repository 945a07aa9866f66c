package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One record as it crossed the wire (RFC 8446 section 5.1).
 *
 * @param type the content type
 * @param version the record layer's version
 * @param fragment the content, which is ciphertext once the keys are in use
 */
public record TlsRecord(int type, int version, Octets fragment) {

    public static final int CHANGE_CIPHER_SPEC = 20;
    public static final int ALERT = 21;
    public static final int HANDSHAKE = 22;
    public static final int APPLICATION_DATA = 23;

    private static final int HEADER = 5;

    /** Returns the record as it crossed the wire, header and fragment. */
    public byte[] toByteArray() {
        return ByteBuffer.allocate(HEADER + fragment.length())
                .put((byte) type)
                .putShort((short) version)
                .putShort((short) fragment.length())
                .put(fragment.toByteArray())
                .array();
    }

    /** Returns the complete records at the start of {@code bytes}; an incomplete last one is left out. */
    public static List<TlsRecord> parse(byte[] bytes) {
        List<TlsRecord> records = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() >= HEADER) {
            int type = in.get() & 0xFF;
            int version = in.getShort() & 0xFFFF;
            int length = in.getShort() & 0xFFFF;
            if (in.remaining() < length) {
                break;
            }
            byte[] fragment = new byte[length];
            in.get(fragment);
            records.add(new TlsRecord(type, version, Octets.of(fragment)));
        }
        return records;
    }
}
