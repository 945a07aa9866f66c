package io.github.hc5.utls.fingerprint;

import java.util.random.RandomGenerator;

/**
 * GREASE code points (RFC 8701): sixteen reserved values of the form {@code 0x?A?A} that clients send to keep servers
 * tolerant of the unknown. A profile holds {@link #PLACEHOLDER} wherever a connection draws a value of its own.
 */
public final class Grease {

    /** Stands in a profile's lists for "a GREASE value, drawn for each connection". */
    public static final int PLACEHOLDER = 0x0A0A;

    private static final int VALUES = 16;

    private Grease() {}

    /** Returns whether a 16-bit code point is one of the sixteen GREASE values. */
    public static boolean isGrease(int codePoint) {
        return (codePoint & 0x0F0F) == 0x0A0A && (codePoint >>> 8) == (codePoint & 0xFF);
    }

    /** Draws one of the sixteen values, each as likely as the others. */
    public static int draw(RandomGenerator random) {
        return value(random.nextInt(VALUES));
    }

    /** Draws one of the fifteen values other than {@code taken}, each as likely as the others. */
    public static int drawOther(RandomGenerator random, int taken) {
        int drawn = value(random.nextInt(VALUES - 1));
        return drawn == taken ? value(VALUES - 1) : drawn;
    }

    private static int value(int index) {
        return (index << 12) | (index << 4) | 0x0A0A;
    }
}
