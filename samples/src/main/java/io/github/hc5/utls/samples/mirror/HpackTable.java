package io.github.hc5.utls.samples.mirror;

import java.util.ArrayList;
import java.util.List;

/** The static and the dynamic table of one direction of a connection (RFC 7541, section 2.3). Not thread-safe. */
final class HpackTable {

    /** The default of SETTINGS_HEADER_TABLE_SIZE, which a server that sends none leaves in force. */
    static final int DEFAULT_SIZE = 4096;

    private static final int ENTRY_OVERHEAD = 32;

    /** RFC 7541, appendix A; entry 1 is the first. */
    private static final List<Field> STATIC = List.of(
            new Field(":authority", ""),
            new Field(":method", "GET"),
            new Field(":method", "POST"),
            new Field(":path", "/"),
            new Field(":path", "/index.html"),
            new Field(":scheme", "http"),
            new Field(":scheme", "https"),
            new Field(":status", "200"),
            new Field(":status", "204"),
            new Field(":status", "206"),
            new Field(":status", "304"),
            new Field(":status", "400"),
            new Field(":status", "404"),
            new Field(":status", "500"),
            new Field("accept-charset", ""),
            new Field("accept-encoding", "gzip, deflate"),
            new Field("accept-language", ""),
            new Field("accept-ranges", ""),
            new Field("accept", ""),
            new Field("access-control-allow-origin", ""),
            new Field("age", ""),
            new Field("allow", ""),
            new Field("authorization", ""),
            new Field("cache-control", ""),
            new Field("content-disposition", ""),
            new Field("content-encoding", ""),
            new Field("content-language", ""),
            new Field("content-length", ""),
            new Field("content-location", ""),
            new Field("content-range", ""),
            new Field("content-type", ""),
            new Field("cookie", ""),
            new Field("date", ""),
            new Field("etag", ""),
            new Field("expect", ""),
            new Field("expires", ""),
            new Field("from", ""),
            new Field("host", ""),
            new Field("if-match", ""),
            new Field("if-modified-since", ""),
            new Field("if-none-match", ""),
            new Field("if-range", ""),
            new Field("if-unmodified-since", ""),
            new Field("last-modified", ""),
            new Field("link", ""),
            new Field("location", ""),
            new Field("max-forwards", ""),
            new Field("proxy-authenticate", ""),
            new Field("proxy-authorization", ""),
            new Field("range", ""),
            new Field("referer", ""),
            new Field("refresh", ""),
            new Field("retry-after", ""),
            new Field("server", ""),
            new Field("set-cookie", ""),
            new Field("strict-transport-security", ""),
            new Field("transfer-encoding", ""),
            new Field("user-agent", ""),
            new Field("vary", ""),
            new Field("via", ""),
            new Field("www-authenticate", ""));

    /** A header field; one char stands for one byte. */
    record Field(String name, String value) {
        int size() {
            return name.length() + value.length() + ENTRY_OVERHEAD;
        }
    }

    private final int limit;

    /** The newest entry is the last: the one with the lowest index. */
    private final List<Field> dynamic = new ArrayList<>();

    private int capacity;
    private int size;

    /** @param limit the SETTINGS_HEADER_TABLE_SIZE that the decoding side announced, in bytes */
    HpackTable(int limit) {
        this.limit = limit;
        this.capacity = limit;
    }

    /** @throws MalformedFrameException if there is no such entry */
    Field get(int index) throws MalformedFrameException {
        int inDynamic = index - STATIC.size();
        if (index < 1 || inDynamic > dynamic.size()) {
            throw new MalformedFrameException("index " + index + " is not in the table of "
                    + (STATIC.size() + dynamic.size()) + " header fields");
        }
        return inDynamic <= 0 ? STATIC.get(index - 1) : dynamic.get(dynamic.size() - inDynamic);
    }

    /** Adds an entry; one larger than the whole table empties it (RFC 7541, section 4.4). */
    void add(Field field) {
        evictTo(capacity - field.size());
        if (field.size() <= capacity) {
            dynamic.add(field);
            size += field.size();
        }
    }

    /** @throws MalformedFrameException if the new size is above the announced limit */
    void resize(int newCapacity) throws MalformedFrameException {
        if (newCapacity > limit) {
            throw new MalformedFrameException(
                    "a table size of " + newCapacity + " is above the limit of " + limit + " bytes");
        }
        capacity = newCapacity;
        evictTo(newCapacity);
    }

    private void evictTo(int wanted) {
        while (size > wanted && !dynamic.isEmpty()) {
            size -= dynamic.remove(0).size();
        }
    }
}
