package io.github.hc5.utls.http;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;

/**
 * The syntax of header names and values (RFC 9110 sections 5.1 and 5.5). What is not allowed is refused before a byte is
 * written: a line break in a value would otherwise end the header, and the rest of it would be another.
 */
final class FieldSyntax {

    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = 0; c < TOKEN.length; c++) {
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            TOKEN[c] = alphanumeric || TOKEN_SYMBOLS.indexOf(c) >= 0;
        }
    }

    private FieldSyntax() {}

    /** @throws ProtocolException naming the header, if its name or value is not allowed */
    static void require(Header header) throws ProtocolException {
        String name = header.getName();
        if (!isToken(name)) {
            throw new ProtocolException("header name '%s' is not a token of RFC 9110", visible(name));
        }
        if (header.getValue() != null) {
            requireValue(name, header.getValue());
        }
    }

    /** @throws ProtocolException if the method is not a token (RFC 9110 section 9.1) */
    static void requireMethod(String method) throws ProtocolException {
        if (!isToken(method)) {
            throw new ProtocolException("method '%s' is not a token of RFC 9110", visible(method));
        }
    }

    /**
     * Checks a part of the request line, which a blank would end and a line break would leave.
     *
     * @param part what it is: the path or the authority
     * @throws ProtocolException naming the part, if it has a character that is not allowed
     */
    static void requireTarget(String part, String value) throws ProtocolException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= 0x20 || c == 0x7F || c > 0xFF) {
                throw new ProtocolException(
                        "%s of the request has the character U+%04X at position %d, which must be percent-encoded",
                        part, (int) c, i);
            }
        }
    }

    private static boolean isToken(String text) {
        boolean token = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            token &= c < TOKEN.length && TOKEN[c];
        }
        return token;
    }

    /** @throws ProtocolException naming the header, if its value is not allowed */
    static void requireValue(String name, String value) throws ProtocolException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
                throw new ProtocolException(
                        "value of header '%s' has the character U+%04X at position %d,"
                                + " allowed are tab and the visible characters of ISO 8859-1",
                        name, (int) c, i);
            }
        }
    }

    private static String visible(String name) {
        StringBuilder text = new StringBuilder();
        name.chars().forEach(c -> {
            if (c >= 0x20 && c < 0x7F) {
                text.append((char) c);
            } else {
                text.append(String.format("\\u%04x", c));
            }
        });
        return text.toString();
    }
}
