package io.github.hc5.utls.samples.mirror;

import java.util.Map;

/** The registered names of HTTP/2 frame types and settings (RFC 9113, sections 6 and 6.5.2, and IANA's registries). */
final class Http2Names {

    static final String UNKNOWN = "UNKNOWN";

    private static final Map<Integer, String> FRAMES = Map.ofEntries(
            Map.entry(0x0, "DATA"),
            Map.entry(0x1, "HEADERS"),
            Map.entry(0x2, "PRIORITY"),
            Map.entry(0x3, "RST_STREAM"),
            Map.entry(0x4, "SETTINGS"),
            Map.entry(0x5, "PUSH_PROMISE"),
            Map.entry(0x6, "PING"),
            Map.entry(0x7, "GOAWAY"),
            Map.entry(0x8, "WINDOW_UPDATE"),
            Map.entry(0x9, "CONTINUATION"),
            Map.entry(0xa, "ALTSVC"),
            Map.entry(0xc, "ORIGIN"),
            Map.entry(0x10, "PRIORITY_UPDATE"));

    private static final Map<Integer, String> SETTINGS = Map.of(
            0x1, "HEADER_TABLE_SIZE",
            0x2, "ENABLE_PUSH",
            0x3, "MAX_CONCURRENT_STREAMS",
            0x4, "INITIAL_WINDOW_SIZE",
            0x5, "MAX_FRAME_SIZE",
            0x6, "MAX_HEADER_LIST_SIZE",
            0x8, "ENABLE_CONNECT_PROTOCOL",
            0x9, "NO_RFC7540_PRIORITIES");

    private Http2Names() {}

    static String frame(int type) {
        return FRAMES.getOrDefault(type, UNKNOWN);
    }

    static String setting(int id) {
        return SETTINGS.getOrDefault(id, UNKNOWN);
    }
}
