package io.github.hc5.utls.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Header names in lower case: those that requests mostly have without making the same text again for each. */
final class FieldNames {

    /** RFC 9113 section 8.2.2; Host becomes {@code :authority}. */
    static final Set<String> OF_HTTP_1 =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade", "host");

    private static final Map<String, String> COMMON = common(
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Authorization",
            "Cache-Control",
            "Connection",
            "Content-Length",
            "Content-Type",
            "Cookie",
            "Expect",
            "Host",
            "If-Modified-Since",
            "If-None-Match",
            "Keep-Alive",
            "Origin",
            "Pragma",
            "Priority",
            "Range",
            "Referer",
            "Sec-Fetch-Dest",
            "Sec-Fetch-Mode",
            "Sec-Fetch-Site",
            "Sec-Fetch-User",
            "TE",
            "Transfer-Encoding",
            "Upgrade",
            "Upgrade-Insecure-Requests",
            "User-Agent",
            "X-Requested-With");

    private FieldNames() {}

    /** Returns a name in lower case. */
    static String lower(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                String known = COMMON.get(name);
                return known == null ? name.toLowerCase(Locale.ROOT) : known;
            }
        }
        return name;
    }

    private static Map<String, String> common(String... names) {
        Map<String, String> lower = new HashMap<>();
        for (String name : names) {
            lower.put(name, name.toLowerCase(Locale.ROOT));
        }
        return Map.copyOf(lower);
    }
}
