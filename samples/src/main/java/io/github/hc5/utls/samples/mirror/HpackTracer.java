package io.github.hc5.utls.samples.mirror;

import io.github.hc5.utls.samples.mirror.HpackTable.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An HPACK decoder (RFC 7541) that also tells how each field was represented, since the choices of index, literal and
 * Huffman coding are part of a browser's fingerprint. It follows the dynamic table of one connection, so each header
 * block must be given to it once and in order. After an exception its table is void. Not thread-safe.
 */
final class HpackTracer {

    /** Bounds what a block may expand to: a byte can stand for a field as large as the table. */
    static final int MAX_DECODED = 256 * 1024;

    private static final int MAX_INTEGER = 1 << 24;
    private static final int PREFIX_INDEXED = 7;
    private static final int PREFIX_INCREMENTAL = 6;
    private static final int PREFIX_SIZE_UPDATE = 5;
    private static final int PREFIX_LITERAL = 4;
    private static final int PREFIX_STRING = 7;

    private final HpackTable table;

    private byte[] block = {};
    private int position;

    /**
     * A decoded header block.
     *
     * @param trace one entry for each representation, see {@link RecordedFrame#hpackTrace()}
     * @param headers the fields as name and value; one char stands for one byte
     * @param pseudo the names of the pseudo-header fields
     */
    record Block(List<String> trace, List<List<String>> headers, List<String> pseudo) {}

    HpackTracer() {
        this(HpackTable.DEFAULT_SIZE);
    }

    /** @param tableSize the SETTINGS_HEADER_TABLE_SIZE that the server announced, in bytes */
    HpackTracer(int tableSize) {
        table = new HpackTable(tableSize);
    }

    /** @throws MalformedFrameException if the block breaks RFC 7541 or decodes to more than {@link #MAX_DECODED} */
    Block decode(byte[] headerBlock) throws MalformedFrameException {
        block = headerBlock;
        position = 0;
        List<String> trace = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        int decoded = 0;
        while (position < block.length) {
            int first = block[position] & 0xFF;
            if ((first & 0xE0) == 0x20) {
                if (!fields.isEmpty()) {
                    throw new MalformedFrameException("a table size update follows a header field");
                }
                int size = integer(PREFIX_SIZE_UPDATE);
                table.resize(size);
                trace.add("size(" + size + ")");
                continue;
            }
            Field field;
            if ((first & 0x80) != 0) {
                int index = integer(PREFIX_INDEXED);
                field = table.get(index);
                trace.add("idx" + index);
            } else if ((first & 0x40) != 0) {
                field = literal("inc", PREFIX_INCREMENTAL, trace);
                table.add(field);
            } else {
                field = literal((first & 0x10) != 0 ? "never" : "noidx", PREFIX_LITERAL, trace);
            }
            decoded += field.size();
            if (decoded > MAX_DECODED) {
                throw new MalformedFrameException("a header block decodes to more than " + MAX_DECODED + " bytes");
            }
            fields.add(field);
        }
        return new Block(
                List.copyOf(trace),
                fields.stream()
                        .map(field -> List.of(field.name(), field.value()))
                        .toList(),
                fields.stream()
                        .map(Field::name)
                        .filter(name -> name.startsWith(":"))
                        .toList());
    }

    private Field literal(String kind, int prefix, List<String> trace) throws MalformedFrameException {
        int index = integer(prefix);
        String name;
        String nameTrace;
        if (index == 0) {
            nameTrace = stringTrace();
            name = string();
        } else {
            nameTrace = "n" + index;
            name = table.get(index).name();
        }
        String valueTrace = stringTrace();
        String value = string();
        trace.add(kind + "(" + nameTrace + ")" + valueTrace);
        return new Field(name, value);
    }

    private String stringTrace() throws MalformedFrameException {
        return (peek() & 0x80) != 0 ? "H" : "p";
    }

    /** A string literal, RFC 7541 section 5.2. */
    private String string() throws MalformedFrameException {
        boolean huffman = (peek() & 0x80) != 0;
        int length = integer(PREFIX_STRING);
        if (length > block.length - position) {
            throw new MalformedFrameException("a string of " + length + " bytes exceeds its header block by "
                    + (length - (block.length - position)));
        }
        byte[] bytes = new byte[length];
        System.arraycopy(block, position, bytes, 0, length);
        position += length;
        return new String(huffman ? HpackHuffman.decode(bytes) : bytes, StandardCharsets.ISO_8859_1);
    }

    /** An integer with a prefix of so many bits, RFC 7541 section 5.1. */
    private int integer(int prefixBits) throws MalformedFrameException {
        int mask = (1 << prefixBits) - 1;
        int value = peek() & mask;
        position++;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; ; shift += 7) {
            int octet = peek();
            position++;
            value += (octet & 0x7F) << Math.min(shift, 21);
            if (value > MAX_INTEGER || shift > 21) {
                throw new MalformedFrameException("an integer is above " + MAX_INTEGER);
            }
            if ((octet & 0x80) == 0) {
                return value;
            }
        }
    }

    private int peek() throws MalformedFrameException {
        if (position >= block.length) {
            throw new MalformedFrameException("a header block ends within a header field");
        }
        return block[position] & 0xFF;
    }
}
