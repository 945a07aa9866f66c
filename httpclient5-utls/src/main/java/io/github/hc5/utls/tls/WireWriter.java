package io.github.hc5.utls.tls;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes TLS presentation language (RFC 8446 section 3): big-endian integers and length-prefixed vectors. */
final class WireWriter {

    private byte[] bytes;
    private int size;

    WireWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    WireWriter u8(int value) {
        grow(1);
        bytes[size++] = (byte) value;
        return this;
    }

    WireWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    WireWriter raw(byte[] source) {
        grow(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
        return this;
    }

    WireWriter ascii(String text) {
        return raw(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes a vector with a one-byte length. */
    WireWriter vector8(byte[] body) {
        return u8(body.length).raw(body);
    }

    /** Writes a vector with a two-byte length. */
    WireWriter vector16(byte[] body) {
        return u16(body.length).raw(body);
    }

    /** Starts a vector with a length of {@code lengthBytes} bytes; give the returned mark to {@link #close}. */
    int open(int lengthBytes) {
        grow(lengthBytes);
        size += lengthBytes;
        return size;
    }

    /** Ends the vector that {@link #open} started, by writing its length. */
    void close(int mark, int lengthBytes) {
        int length = size - mark;
        for (int i = 1; i <= lengthBytes; i++) {
            bytes[mark - i] = (byte) length;
            length >>>= 8;
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void grow(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
