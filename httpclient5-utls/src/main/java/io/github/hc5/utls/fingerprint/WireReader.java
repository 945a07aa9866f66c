package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Reads the presentation language of RFC 8446 section 3 from a range of an array. It never reads beyond the range, and
 * every violation is a {@link ClientHelloFormatException} that tells the position in the original input.
 */
final class WireReader {

    private final byte[] bytes;
    private final int end;
    private final IntUnaryOperator inputOffset;
    private int position;

    /** @param inputOffset translates a position in {@code bytes} to one in the input that the caller was given */
    WireReader(byte[] bytes, int from, int end, IntUnaryOperator inputOffset) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
        this.inputOffset = inputOffset;
    }

    boolean hasMore() {
        return position < end;
    }

    int remaining() {
        return end - position;
    }

    int u8(String what) {
        require(1, what);
        return bytes[position++] & 0xFF;
    }

    int u16(String what) {
        require(2, what);
        position += 2;
        return (bytes[position - 2] & 0xFF) << 8 | (bytes[position - 1] & 0xFF);
    }

    Octets octets(int length, String what) {
        require(length, what);
        position += length;
        return Octets.of(Arrays.copyOfRange(bytes, position - length, position));
    }

    Octets rest() {
        return octets(remaining(), "rest");
    }

    /** Returns a reader of the same bytes that has its own position. */
    WireReader duplicate() {
        return new WireReader(bytes, position, end, inputOffset);
    }

    /** Reads the body of a vector with a one-byte length. */
    WireReader vector8(String what) {
        return sub(u8("length of " + what), what);
    }

    /** Reads the body of a vector with a two-byte length. */
    WireReader vector16(String what) {
        return sub(u16("length of " + what), what);
    }

    /** Reads all that is left as 8-bit values, of which there must be at least one. */
    List<Integer> values8(String what) {
        nonEmpty(what);
        List<Integer> values = new ArrayList<>(remaining());
        while (hasMore()) {
            values.add(u8(what));
        }
        return List.copyOf(values);
    }

    /** Reads all that is left as 16-bit values, of which there must be at least one. */
    List<Integer> values16(String what) {
        nonEmpty(what);
        if (remaining() % 2 != 0) {
            throw malformed(what + " take " + remaining() + " bytes, must be an even number");
        }
        List<Integer> values = new ArrayList<>(remaining() / 2);
        while (hasMore()) {
            values.add(u16(what));
        }
        return List.copyOf(values);
    }

    void nonEmpty(String what) {
        if (!hasMore()) {
            throw malformed(what + " must not be empty");
        }
    }

    void requireEnd(String what) {
        if (hasMore()) {
            throw malformed(remaining() + " unexpected bytes after " + what);
        }
    }

    ClientHelloFormatException malformed(String problem) {
        return new ClientHelloFormatException(inputOffset.applyAsInt(position), problem, false);
    }

    private WireReader sub(int length, String what) {
        require(length, what);
        position += length;
        return new WireReader(bytes, position - length, position, inputOffset);
    }

    private void require(int length, String what) {
        if (length > remaining()) {
            throw malformed(what + " needs " + length + " bytes, only " + remaining() + " are left");
        }
    }
}
