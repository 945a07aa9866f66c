package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Finds the heads of the requests in a client's decrypted HTTP/1.1 bytes (RFC 9112, section 2.1) as they come, in pieces
 * of any size, without consuming them: a head ends at the empty line, and its framing headers tell how much body to skip
 * before the next one. Not thread-safe.
 */
final class Http1HeadReader {

    /** The longest head that is kept. */
    static final int MAX_HEAD = 64 * 1024;

    private static final int MAX_LINE = 4096;
    private static final int MAX_DIGITS = 18;
    private static final int MAX_HEX_DIGITS = 15;

    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER,
        LOST
    }

    private final Consumer<String> onHead;
    private final StringBuilder text = new StringBuilder();
    private State state = State.HEAD;
    private long bodyMissing;

    /** @param onHead receives each head, the empty line included, one byte to a char */
    Http1HeadReader(Consumer<String> onHead) {
        this.onHead = onHead;
    }

    /** Returns false once the bytes could not be followed: no further head will come. */
    boolean isFollowing() {
        return state != State.LOST;
    }

    /** Reads what is readable in the buffer; its indices stay as they are. */
    void read(ByteBuf buffer) {
        int index = buffer.readerIndex();
        int end = buffer.writerIndex();
        while (index < end && state != State.LOST) {
            if (state == State.BODY || state == State.CHUNK_DATA) {
                int length = (int) Math.min(bodyMissing, end - index);
                index += length;
                bodyMissing -= length;
                if (bodyMissing == 0) {
                    state = state == State.BODY ? State.HEAD : State.CHUNK_END;
                }
            } else {
                octet((char) (buffer.getByte(index++) & 0xFF));
            }
        }
    }

    private void octet(char octet) {
        text.append(octet);
        if (text.length() > (state == State.HEAD ? MAX_HEAD : MAX_LINE)) {
            state = State.LOST;
        } else if (octet == '\n') {
            switch (state) {
                case HEAD -> headLine();
                case CHUNK_SIZE -> chunkSize(takeLine());
                case CHUNK_END -> {
                    takeLine();
                    state = State.CHUNK_SIZE;
                }
                case TRAILER -> {
                    if (takeLine().isEmpty()) {
                        state = State.HEAD;
                    }
                }
                default -> {}
            }
        }
    }

    private String takeLine() {
        String line = text.toString().strip();
        text.setLength(0);
        return line;
    }

    private void headLine() {
        if (text.toString().isBlank()) {
            text.setLength(0); // RFC 9112, section 2.2: empty lines before a request line are ignored
        } else if (text.length() >= 2 && (endsWith("\r\n\r\n") || endsWith("\n\n"))) {
            String head = text.toString();
            text.setLength(0);
            frameBody(head);
            onHead.accept(head);
        }
    }

    private boolean endsWith(String suffix) {
        return text.length() >= suffix.length() && text.indexOf(suffix, text.length() - suffix.length()) >= 0;
    }

    private void frameBody(String head) {
        String length = "";
        for (String line : head.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (name.equals("transfer-encoding")) {
                state = State.CHUNK_SIZE;
                return;
            }
            if (name.equals("content-length")) {
                length = line.substring(colon + 1).strip();
            }
        }
        if (length.isEmpty()) {
            return;
        }
        if (length.length() > MAX_DIGITS || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            state = State.LOST;
            return;
        }
        bodyMissing = Long.parseLong(length);
        state = bodyMissing > 0 ? State.BODY : State.HEAD;
    }

    private void chunkSize(String line) {
        int semicolon = line.indexOf(';');
        String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (digits.isEmpty()
                || digits.length() > MAX_HEX_DIGITS
                || !digits.chars().allMatch(Http1HeadReader::isHex)) {
            state = State.LOST;
            return;
        }
        bodyMissing = Long.parseLong(digits, 16);
        state = bodyMissing > 0 ? State.CHUNK_DATA : State.TRAILER;
    }

    private static boolean isHex(int c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }
}
