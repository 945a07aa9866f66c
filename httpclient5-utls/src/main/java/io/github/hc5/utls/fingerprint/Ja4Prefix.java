package io.github.hc5.utls.fingerprint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first part of a JA4 fingerprint, such as {@code t13d1516h2}. */
record Ja4Prefix(String version, boolean named, int cipherSuites, int extensions, String alpn) {

    private static final int MAX_COUNT = 99;
    private static final Pattern SHAPE =
            Pattern.compile("t(1[0-3]|s[23]|00)([di])([0-9]{2})([0-9]{2})([0-9A-Za-z]{2})");

    /** @throws IllegalArgumentException if the text has another form */
    static Ja4Prefix parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        Checks.that(
                matcher.matches(),
                () -> "JA4 begins with '" + (text.length() <= 20 ? text : text.substring(0, 20) + "...")
                        + "', must be t, the version, d or i, two counts and two characters of ALPN, such as t13d1516h2");
        return new Ja4Prefix(
                matcher.group(1),
                matcher.group(2).equals("d"),
                Integer.parseInt(matcher.group(3)),
                Integer.parseInt(matcher.group(4)),
                matcher.group(5));
    }

    /** @throws IllegalArgumentException if the lists do not have as many entries as the prefix says */
    void requireCounts(int suites, int types) {
        Checks.that(
                cipherSuites == Math.min(suites, MAX_COUNT) && extensions == Math.min(types, MAX_COUNT),
                () -> "JA4 announces " + cipherSuites + " cipher suites and " + extensions + " extensions, but has "
                        + suites + " and " + types);
    }
}
