package io.github.hc5.utls.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Collects the header of a zstd frame (RFC 8878 section 3.1.1.1) to learn how large a window it wants. */
final class ZstdFrameHeader {

    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE = 0x184D2A50;
    private static final int LONGEST = 18;

    private final ByteBuffer bytes = ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    private int needed = 5;
    private long window;

    /**
     * Takes bytes until the header is complete; returns whether it is.
     *
     * @throws ContentDecodingException if this is no zstd frame
     */
    boolean collect(ByteBuffer src) throws ContentDecodingException {
        while (bytes.position() < needed) {
            if (!src.hasRemaining()) {
                return false;
            }
            bytes.put(src.get());
            if (bytes.position() == 5 && needed == 5) {
                needed = length();
            }
        }
        window = readWindow();
        return true;
    }

    long window() {
        return window;
    }

    boolean isEmpty() {
        return bytes.position() == 0;
    }

    ByteBuffer bytes() {
        return bytes.duplicate().flip();
    }

    void reset() {
        bytes.clear();
        needed = 5;
    }

    private int length() throws ContentDecodingException {
        int magic = bytes.getInt(0);
        if ((magic & 0xFFFFFFF0) == SKIPPABLE) {
            return 5;
        }
        if (magic != MAGIC) {
            throw new ContentDecodingException("content is not zstd as its Content-Encoding says");
        }
        return 5 + (isSingleSegment() ? 0 : 1) + dictionaryLength() + sizeLength();
    }

    private long readWindow() {
        if (bytes.getInt(0) != MAGIC) {
            return 0;
        }
        if (!isSingleSegment()) {
            int descriptor = bytes.get(5) & 0xFF;
            long base = 1L << (10 + (descriptor >>> 3));
            return base + base / 8 * (descriptor & 7);
        }
        int at = 5 + dictionaryLength();
        return switch (sizeLength()) {
            case 1 -> bytes.get(at) & 0xFF;
            case 2 -> (bytes.getShort(at) & 0xFFFF) + 256;
            case 4 -> bytes.getInt(at) & 0xFFFF_FFFFL;
            default -> bytes.getLong(at) < 0 ? Long.MAX_VALUE : bytes.getLong(at);
        };
    }

    private boolean isSingleSegment() {
        return (bytes.get(4) & 0x20) != 0;
    }

    private int dictionaryLength() {
        int flag = bytes.get(4) & 3;
        return flag == 3 ? 4 : flag;
    }

    private int sizeLength() {
        int flag = (bytes.get(4) & 0xFF) >>> 6;
        return flag == 0 ? (isSingleSegment() ? 1 : 0) : 1 << flag;
    }
}
