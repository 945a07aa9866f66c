package io.github.hc5.utls.http;

/**
 * The static Huffman code of HPACK (RFC 7541 appendix B). The code is canonical: codes of one length count upwards with
 * the octet, and each length continues where the shorter one stopped, so the lengths alone describe it.
 */
final class Huffman {

    private static final int MAX_LENGTH = 30;

    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15,
        6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22,
        20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23,
        23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22,
        22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26,
        27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27,
        26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26
    };

    private static final int[] CODES = codes();

    private Huffman() {}

    /** Returns the length in bytes of the coded string, whose characters must be below 256. */
    static int length(String text) {
        long bits = 0;
        for (int i = 0; i < text.length(); i++) {
            bits += LENGTHS[text.charAt(i)];
        }
        return (int) ((bits + 7) >>> 3);
    }

    /** Writes the coded string into {@code target} from {@code at}, padded with ones; returns the end. */
    static int encode(String text, byte[] target, int at) {
        long bits = 0;
        int count = 0;
        int end = at;
        for (int i = 0; i < text.length(); i++) {
            char octet = text.charAt(i);
            bits = (bits << LENGTHS[octet]) | CODES[octet];
            count += LENGTHS[octet];
            while (count >= 8) {
                count -= 8;
                target[end++] = (byte) (bits >>> count);
            }
        }
        if (count > 0) {
            target[end++] = (byte) ((bits << (8 - count)) | (0xFF >>> count));
        }
        return end;
    }

    private static int[] codes() {
        int[] codes = new int[LENGTHS.length];
        int code = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            code <<= 1;
            for (int octet = 0; octet < LENGTHS.length; octet++) {
                if (LENGTHS[octet] == length) {
                    codes[octet] = code++;
                }
            }
        }
        return codes;
    }
}
