package io.github.hc5.utls.fingerprint;

import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One browser, version and platform: everything that its connections show, from one source, so that TLS, HTTP/2 and
 * headers can never contradict one another. Immutable.
 *
 * @param name the name in the catalogue, such as {@code chrome-156}
 * @param source where the values come from
 * @param date the day of that source: of the capture, or of the published state that was read; null where it says none
 * @param hello the ClientHello
 * @param http2 the HTTP/2 connection start and frames
 * @param headers the request headers
 */
public record BrowserProfile(
        String name,
        String source,
        @Nullable LocalDate date,
        ClientHelloSpec hello,
        Http2Spec http2,
        HeaderSpec headers) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+([.-][a-z0-9]+)*");

    /** @throws IllegalArgumentException if the name is not lower-case words and numbers, or the source is blank */
    public BrowserProfile {
        String given = name;
        Checks.that(
                NAME.matcher(name).matches(),
                () -> "profile name '" + given + "' must be lower-case letters and digits, joined by '-' or '.'");
        Checks.that(!source.isBlank(), () -> "profile " + given + " must name its source");
    }

    /**
     * Makes a profile whose source has no date.
     *
     * @throws IllegalArgumentException as the other constructor
     */
    public BrowserProfile(String name, String source, ClientHelloSpec hello, Http2Spec http2, HeaderSpec headers) {
        this(name, source, null, hello, http2, headers);
    }
}
