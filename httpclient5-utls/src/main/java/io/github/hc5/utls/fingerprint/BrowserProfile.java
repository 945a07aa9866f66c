package io.github.hc5.utls.fingerprint;

import java.util.regex.Pattern;

/**
 * One browser, version and platform: everything that its connections show, from one source, so that TLS, HTTP/2 and
 * headers can never contradict one another. Immutable.
 *
 * @param name the name in the catalogue, such as {@code chrome-156}
 * @param source where the values come from
 * @param hello the ClientHello
 * @param http2 the HTTP/2 connection start and frames
 * @param headers the request headers
 */
public record BrowserProfile(String name, String source, ClientHelloSpec hello, Http2Spec http2, HeaderSpec headers) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+([.-][a-z0-9]+)*");

    /** @throws IllegalArgumentException if the name is not lower-case words and numbers, or the source is blank */
    public BrowserProfile {
        String given = name;
        Checks.that(
                NAME.matcher(name).matches(),
                () -> "profile name '" + given + "' must be lower-case letters and digits, joined by '-' or '.'");
        Checks.that(!source.isBlank(), () -> "profile " + given + " must name its source");
    }
}
