package io.github.hc5.utls.samples.mirror;

import java.io.ByteArrayOutputStream;

/**
 * The Huffman code of HPACK (RFC 7541, appendix B), decoding only.
 *
 * <p>The code is canonical: the codes of one length are consecutive numbers given to its symbols in ascending order, and
 * the first code of a length follows from the last one of the length before. So the symbols sorted by length are all
 * that has to be known, and decoding takes one comparison for each bit: a prefix of {@code n} bits is a complete code
 * if it lies less than {@code count[n]} above {@code firstCode[n]}.
 */
final class HpackHuffman {

    private static final int MAX_LENGTH = 30;
    private static final int MIN_LENGTH = 5;
    private static final int MAX_PADDING = 7;
    private static final int END_OF_STRING = 256;

    /** The symbols of each length from 5 bits to 30, ascending; no length is left out, some have none. */
    private static final int[][] SYMBOLS = {
        {'0', '1', '2', 'a', 'c', 'e', 'i', 'o', 's', 't'},
        {
            ' ', '%', '-', '.', '/', '3', '4', '5', '6', '7', '8', '9', '=', 'A', '_', 'b', 'd', 'f', 'g', 'h', 'l',
            'm', 'n', 'p', 'r', 'u'
        },
        {
            ':', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U',
            'V', 'W', 'Y', 'j', 'k', 'q', 'v', 'w', 'x', 'y', 'z'
        },
        {'&', '*', ',', ';', 'X', 'Z'},
        {},
        {'!', '"', '(', ')', '?'},
        {'\'', '+', '|'},
        {'#', '>'},
        {0, '$', '@', '[', ']', '~'},
        {'^', '}'},
        {'<', '`', '{'},
        {},
        {},
        {},
        {'\\', 195, 208},
        {128, 130, 131, 162, 184, 194, 224, 226},
        {153, 161, 167, 172, 176, 177, 179, 209, 216, 217, 227, 229, 230},
        {
            129, 132, 133, 134, 136, 146, 154, 156, 160, 163, 164, 169, 170, 173, 178, 181, 185, 186, 187, 189, 190,
            196, 198, 228, 232, 233
        },
        {
            1, 135, 137, 138, 139, 140, 141, 143, 147, 149, 150, 151, 152, 155, 157, 158, 165, 166, 168, 174, 175, 180,
            182, 183, 188, 191, 197, 231, 239
        },
        {9, 142, 144, 145, 148, 159, 171, 206, 215, 225, 236, 237},
        {199, 207, 234, 235},
        {192, 193, 200, 201, 202, 205, 210, 213, 218, 219, 238, 240, 242, 243, 255},
        {203, 204, 211, 212, 214, 221, 222, 223, 241, 244, 245, 246, 247, 248, 250, 251, 252, 253, 254},
        {2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 220, 249
        },
        {},
        {10, 13, 22, END_OF_STRING}
    };

    private static final int[] FIRST_CODE = firstCodes();

    private HpackHuffman() {}

    private static int[] firstCodes() {
        int[] first = new int[SYMBOLS.length];
        int code = 0;
        for (int i = 0; i < SYMBOLS.length; i++) {
            first[i] = code;
            code = (code + SYMBOLS[i].length) << 1;
        }
        return first;
    }

    /**
     * Decodes a whole string.
     *
     * @throws MalformedFrameException if it holds the end-of-string symbol, or ends in more than seven bits of padding
     *     or in padding that is not the start of that symbol
     */
    static byte[] decode(byte[] encoded) throws MalformedFrameException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length * 8 / MIN_LENGTH + 1);
        int prefix = 0;
        int length = 0;
        for (byte octet : encoded) {
            for (int bit = 7; bit >= 0; bit--) {
                prefix = (prefix << 1) | ((octet >> bit) & 1);
                length++;
                if (length < MIN_LENGTH) {
                    continue;
                }
                int offset = prefix - FIRST_CODE[length - MIN_LENGTH];
                int[] symbols = SYMBOLS[length - MIN_LENGTH];
                if (offset >= 0 && offset < symbols.length) {
                    if (symbols[offset] == END_OF_STRING) {
                        throw new MalformedFrameException("a Huffman string contains the end-of-string symbol");
                    }
                    out.write(symbols[offset]);
                    prefix = 0;
                    length = 0;
                } else if (length == MAX_LENGTH) {
                    throw new MalformedFrameException("a Huffman string contains no code within 30 bits");
                }
            }
        }
        if (length > MAX_PADDING || prefix != (1 << length) - 1) {
            throw new MalformedFrameException("a Huffman string ends in wrong padding");
        }
        return out.toByteArray();
    }
}
