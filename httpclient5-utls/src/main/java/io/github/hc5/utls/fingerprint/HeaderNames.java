package io.github.hc5.utls.fingerprint;

import java.util.Locale;

/** The syntax of header names and values (RFC 9110 sections 5.1 and 5.5; RFC 9113 section 8.2.1). */
final class HeaderNames {

    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    private HeaderNames() {}

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static void require(String name) {
        Checks.that(isToken(name, 0), () -> "header name '" + name + "' is not a token of RFC 9110");
    }

    static void requireLowerCase(String name) {
        Checks.that(
                isToken(name, name.startsWith(":") ? 1 : 0) && name.equals(lower(name)),
                () -> "header name '" + name + "' is not a lower-case name of RFC 9113");
    }

    static void requireValue(String name, String value) {
        boolean visible = value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7F));
        Checks.that(
                visible && value.equals(value.strip()),
                () -> "value of header " + name + " has characters outside printable ASCII or spaces around it");
    }

    private static boolean isToken(String name, int from) {
        if (name.length() == from) {
            return false;
        }
        for (int i = from; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && TOKEN_SYMBOLS.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
