package io.github.hc5.utls.fingerprint;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable sequence of bytes with value equality, so that records may hold opaque wire data. Instances are safe for
 * use by several threads.
 */
public final class Octets {

    private static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the empty sequence. */
    public static Octets empty() {
        return EMPTY;
    }

    /** Returns a copy of the given bytes. */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /**
     * Parses hexadecimal digits, without separators, in either case.
     *
     * @throws IllegalArgumentException if {@code hex} has an odd length or a character that is no hexadecimal digit
     */
    public static Octets ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /** Returns the number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** Returns a fresh copy of the bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** Returns the bytes as lower-case hexadecimal digits. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return toHex();
    }
}
