package io.github.hc5.utls.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The static table of HPACK (RFC 7541 appendix A), searched by name. Entries of one name are neighbours in it. */
final class HpackStaticTable {

    static final int SIZE = 61;

    /**
     * The entries of one name.
     *
     * @param first the index of the first
     * @param values the values, from the first on
     */
    record Entries(int first, List<String> values) {

        Entries(int first, String... values) {
            this(first, List.of(values));
        }

        int last() {
            return first + values.size() - 1;
        }

        /** Returns the index of the entry with this value, 0 if there is none. */
        int indexOf(String value) {
            int offset = values.indexOf(value);
            return offset < 0 ? 0 : first + offset;
        }
    }

    private static final Map<String, Entries> BY_NAME = byName();

    private HpackStaticTable() {}

    static @Nullable Entries entries(String name) {
        return BY_NAME.get(name);
    }

    private static Map<String, Entries> byName() {
        Map<String, Entries> table = new HashMap<>();
        table.put(":authority", new Entries(1, ""));
        table.put(":method", new Entries(2, "GET", "POST"));
        table.put(":path", new Entries(4, "/", "/index.html"));
        table.put(":scheme", new Entries(6, "http", "https"));
        table.put(":status", new Entries(8, "200", "204", "206", "304", "400", "404", "500"));
        table.put("accept-charset", new Entries(15, ""));
        table.put("accept-encoding", new Entries(16, "gzip, deflate"));
        String[] rest = {
            "accept-language",
            "accept-ranges",
            "accept",
            "access-control-allow-origin",
            "age",
            "allow",
            "authorization",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-length",
            "content-location",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "etag",
            "expect",
            "expires",
            "from",
            "host",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "last-modified",
            "link",
            "location",
            "max-forwards",
            "proxy-authenticate",
            "proxy-authorization",
            "range",
            "referer",
            "refresh",
            "retry-after",
            "server",
            "set-cookie",
            "strict-transport-security",
            "transfer-encoding",
            "user-agent",
            "vary",
            "via",
            "www-authenticate",
        };
        int index = 17;
        for (String name : rest) {
            table.put(name, new Entries(index++, ""));
        }
        return table;
    }
}
