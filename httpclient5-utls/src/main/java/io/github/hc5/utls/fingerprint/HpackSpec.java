package io.github.hc5.utls.fingerprint;

import java.util.List;

/**
 * The choices that HPACK (RFC 7541) leaves to an encoder, as a browser makes them. Immutable.
 *
 * <p>A header is encoded so: the first of {@link #literalRules} that matches decides; without a match, or where the rule
 * yields to the index, a header that is in a table is sent as its lowest index, and any other is a literal with
 * incremental indexing or as the rule says.
 *
 * @param huffman when strings are Huffman coded
 * @param nameIndex which of several table entries with the same name a literal refers to
 * @param literalRules the headers that are not indexed, first match first
 * @param splitsCookies whether a cookie header becomes one field for each {@code name=value} (RFC 9113 section 8.2.3)
 * @param sparesTable whether a header larger than half of the table, and any header when the table is smaller than 128
 *     bytes, is a literal without indexing, as in Firefox; otherwise only the table's own rules hold
 * @param announcesEverySize whether any SETTINGS_HEADER_TABLE_SIZE of the peer is answered by a table size update in
 *     the next block, as in Firefox; otherwise only one that changes the size
 */
public record HpackSpec(
        Huffman huffman,
        NameIndex nameIndex,
        List<LiteralRule> literalRules,
        boolean splitsCookies,
        boolean sparesTable,
        boolean announcesEverySize) {

    public HpackSpec {
        literalRules = List.copyOf(literalRules);
    }

    /** When a string is Huffman coded. */
    public enum Huffman {
        /** Only where the result has fewer bytes, as in Chromium. */
        WHEN_SHORTER,
        /** Where the result has no more bytes. */
        WHEN_NOT_LONGER,
        /** Always, as in Firefox. */
        ALWAYS
    }

    /** Which entry's name a literal refers to. */
    public enum NameIndex {
        /** The lowest index: the first entry of the static table, then the newest of the dynamic one, as in Chromium. */
        LOWEST,
        /**
         * The highest index: the oldest entry of the dynamic table, then the last of the static one, as in Firefox, whose
         * search stops early only at an entry that has the value too.
         */
        HIGHEST
    }

    /** How a literal is represented (RFC 7541 section 6.2). */
    public enum Literal {
        WITHOUT_INDEXING,
        NEVER_INDEXED
    }

    /**
     * A header that is not added to the table.
     *
     * @param name the header's name in lower case
     * @param shorterThan the rule holds for values with fewer bytes than this only; {@link Integer#MAX_VALUE} for all
     * @param literal the representation
     * @param yieldsToIndex whether a header that is in a table with this value is sent as an index all the same
     */
    public record LiteralRule(String name, int shorterThan, Literal literal, boolean yieldsToIndex) {

        /** @throws IllegalArgumentException if the name is not a lower-case header name, or the length is not positive */
        public LiteralRule {
            HeaderNames.requireLowerCase(name);
            Checks.range("shorterThan", shorterThan, 1, Integer.MAX_VALUE);
        }

        /** Returns whether the rule holds for this header. */
        public boolean matches(String headerName, int valueLength) {
            return valueLength < shorterThan && name.equals(headerName);
        }
    }
}
