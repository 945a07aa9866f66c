package io.github.hc5.utls.http;

/** The numbers of HTTP/2's framing layer (RFC 9113 sections 4 and 6). */
final class H2Frames {

    static final int HEADER_LENGTH = 9;
    static final int MIN_MAX_FRAME_SIZE = 1 << 14;
    static final int MAX_MAX_FRAME_SIZE = (1 << 24) - 1;
    static final int DEFAULT_WINDOW = 65_535;
    static final int DEFAULT_TABLE_SIZE = 4096;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int HAS_PRIORITY = 0x20;

    private H2Frames() {}
}
