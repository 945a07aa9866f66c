package io.github.hc5.utls.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what HTTP reads and writes, inside TLS, to the logger {@value #NAME}: how much at {@code DEBUG}, the octets too at
 * {@code TRACE}. The octets have in them what a request has, cookies and credentials too, so {@code TRACE} is for looking at
 * one problem.
 */
final class WireLog {

    static final String NAME = "io.github.hc5.utls.wire";

    private static final Logger LOG = LoggerFactory.getLogger(NAME);

    /** So many octets of one piece are shown. */
    private static final int MOST = 16_384;

    private WireLog() {}

    static boolean isOn() {
        return LOG.isDebugEnabled();
    }

    /** Writes a line about {@code count} octets of the buffer from index {@code from}; its position stays. */
    static void write(@Nullable String connection, boolean out, ByteBuffer data, int from, int count) {
        if (LOG.isTraceEnabled()) {
            LOG.trace("{} octets={}", line(connection, out, count), text(data, from, count));
        } else {
            LOG.debug("{}", line(connection, out, count));
        }
    }

    static String line(@Nullable String connection, boolean out, int count) {
        return (out ? "wire.sent" : "wire.received") + " connection=" + connection + " bytes=" + count;
    }

    /** As a string in quotes; what is not printable ASCII is escaped. */
    static String text(ByteBuffer data, int from, int count) {
        int shown = Math.min(count, MOST);
        StringBuilder text = new StringBuilder(shown + 2).append('"');
        for (int i = from; i < from + shown; i++) {
            char c = (char) (data.get(i) & 0xff);
            switch (c) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '"', '\\' -> text.append('\\').append(c);
                default -> {
                    if (c >= ' ' && c < 0x7f) {
                        text.append(c);
                    } else {
                        text.append("\\x")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    }
                }
            }
        }
        return text.append(shown < count ? "\" and more" : "\"").toString();
    }
}
