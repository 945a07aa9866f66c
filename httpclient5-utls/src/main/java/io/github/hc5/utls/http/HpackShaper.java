package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.HpackSpec;
import io.github.hc5.utls.fingerprint.HpackSpec.Literal;
import io.github.hc5.utls.fingerprint.HpackSpec.LiteralRule;
import io.github.hc5.utls.fingerprint.HpackSpec.NameIndex;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes header blocks (RFC 7541) with the choices of one browser: what is indexed, which entry lends its name, where
 * Huffman coding is used, when a new table size is announced. The choices are part of what an observer sees, so the bytes
 * equal the browser's for the same fields and the same history.
 *
 * <p>Not safe for use by several threads; the session's lock guards it.
 */
final class HpackShaper {

    /** No browser's encoder keeps a larger table, whatever the peer allows. */
    private static final int MAX_TABLE_SIZE = 1 << 16;

    private static final int SMALLEST_SPARED_TABLE = 128;

    private final HpackSpec spec;
    private final List<LiteralRule> rules;
    private final HpackDynamicTable table = new HpackDynamicTable();
    private final HpackMemory memory = new HpackMemory();

    private byte[] block = new byte[1024];
    private int length;

    private boolean sizeChanged;
    private int lowestSize;

    HpackShaper(HpackSpec spec) {
        this.spec = spec;
        this.rules = spec.literalRules();
    }

    /** The peer's SETTINGS_HEADER_TABLE_SIZE: announced in the next block (RFC 7541 section 4.2). */
    void peerTableSize(long setting) {
        int size = (int) Math.min(setting, MAX_TABLE_SIZE);
        if (size == table.capacity() && !spec.announcesEverySize()) {
            return;
        }
        lowestSize = sizeChanged ? Math.min(lowestSize, size) : size;
        sizeChanged = true;
        table.resize(size);
    }

    /** Encodes a block, which {@link #block} and {@link #length} then hold until the next call. */
    void encode(FieldList fields) {
        length = 0;
        if (sizeChanged) {
            if (lowestSize < table.capacity()) {
                integer(0x20, 5, lowestSize);
            }
            integer(0x20, 5, table.capacity());
            sizeChanged = false;
        }
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            String value = fields.value(i);
            int index = memory.index(i, name, value, table);
            if (index != 0) {
                integer(0x80, 7, index);
            } else {
                field(i, name, value);
            }
        }
    }

    byte[] block() {
        return block;
    }

    int length() {
        return length;
    }

    private void field(int place, String name, String value) {
        HpackStaticTable.Entries known = HpackStaticTable.entries(name);
        LiteralRule rule = rule(name, value.length());
        int inStatic = known == null ? 0 : known.indexOf(value);
        HpackDynamicTable.Entry entry = inStatic == 0 ? table.find(name, value) : null;
        int match = inStatic != 0 ? inStatic : table.indexOf(entry);
        if (match != 0 && (rule == null || rule.yieldsToIndex())) {
            integer(0x80, 7, match);
            memory.remember(place, name, value, inStatic, entry);
            return;
        }
        int nameIndex = match != 0 && spec.nameIndex() == NameIndex.HIGHEST ? match : nameIndex(known, name);
        if (rule != null) {
            literal(rule.literal() == Literal.NEVER_INDEXED ? 0x10 : 0x00, 4, nameIndex, name, value);
        } else if (isSpared(name, value)) {
            literal(0x00, 4, nameIndex, name, value);
        } else {
            literal(0x40, 6, nameIndex, name, value);
            table.add(name, value);
        }
    }

    private @Nullable LiteralRule rule(String name, int valueLength) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).matches(name, valueLength)) {
                return rules.get(i);
            }
        }
        return null;
    }

    private boolean isSpared(String name, String value) {
        return spec.sparesTable()
                && (table.capacity() < SMALLEST_SPARED_TABLE
                        || HpackDynamicTable.sizeOf(name, value) > table.capacity() / 2);
    }

    private int nameIndex(HpackStaticTable.@Nullable Entries known, String name) {
        if (spec.nameIndex() == NameIndex.LOWEST) {
            return known != null ? known.first() : table.newestOf(name);
        }
        int oldest = table.oldestOf(name);
        return oldest != 0 || known == null ? oldest : known.last();
    }

    private void literal(int pattern, int prefix, int nameIndex, String name, String value) {
        integer(pattern, prefix, nameIndex);
        if (nameIndex == 0) {
            string(name);
        }
        string(value);
    }

    private void string(String text) {
        int coded = Huffman.length(text);
        boolean huffman = switch (spec.huffman()) {
            case WHEN_SHORTER -> coded < text.length();
            case WHEN_NOT_LONGER -> coded <= text.length();
            case ALWAYS -> true;
        };
        if (huffman) {
            integer(0x80, 7, coded);
            reserve(coded);
            length = Huffman.encode(text, block, length);
        } else {
            integer(0x00, 7, text.length());
            reserve(text.length());
            latin1(text);
        }
    }

    private void latin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            block[length++] = (byte) text.charAt(i);
        }
    }

    /** RFC 7541 section 5.1. */
    private void integer(int pattern, int prefix, int value) {
        reserve(6);
        int limit = (1 << prefix) - 1;
        if (value < limit) {
            block[length++] = (byte) (pattern | value);
            return;
        }
        block[length++] = (byte) (pattern | limit);
        int rest = value - limit;
        while (rest >= 0x80) {
            block[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        block[length++] = (byte) rest;
    }

    private void reserve(int count) {
        if (block.length - length < count) {
            block = Arrays.copyOf(block, Math.max(block.length * 2, length + count));
        }
    }
}
