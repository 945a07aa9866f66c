package io.github.hc5.utls.fingerprint;

import org.jspecify.annotations.Nullable;

/**
 * What a browser fetches, as far as its headers and HTTP/2 priorities tell requests apart. Where a profile does not
 * describe a kind of its own, that of {@link #fallback()} serves.
 */
public enum RequestKind {
    /** An address typed into the bar, a bookmark: no referrer, {@code sec-fetch-site: none}. */
    NAVIGATION(null),
    /** A document reached from another page, with its referrer. */
    LINK_NAVIGATION(NAVIGATION),
    /** A form sent by POST whose answer replaces the document. */
    FORM_POST(LINK_NAVIGATION),
    /** A document in a frame of another. */
    IFRAME(LINK_NAVIGATION),
    /** A style sheet in a document's head. */
    STYLE(NAVIGATION),
    /** A script that blocks the parser. */
    SCRIPT(STYLE),
    /** A script with {@code async} or {@code defer}. */
    ASYNC_SCRIPT(SCRIPT),
    /** An image in a document. */
    IMAGE(STYLE),
    /** The icon of a document. */
    FAVICON(IMAGE),
    /** {@code fetch()}, with any method. */
    FETCH(STYLE),
    /** {@code XMLHttpRequest}, with any method. */
    XHR(FETCH);

    private final @Nullable RequestKind fallback;

    RequestKind(@Nullable RequestKind fallback) {
        this.fallback = fallback;
    }

    /** Returns the kind that serves where a profile does not describe this one; {@link #NAVIGATION} is its own. */
    public RequestKind fallback() {
        return fallback == null ? this : fallback;
    }
}
