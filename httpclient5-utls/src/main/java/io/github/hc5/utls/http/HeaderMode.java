package io.github.hc5.utls.http;

/** How far a connection completes the headers of its requests. */
public enum HeaderMode {
    /**
     * As the profile's browser: what the application did not set is added, what HttpClient adds by itself is replaced,
     * and all stands in the browser's order. What the application set stays as it is.
     */
    PROFILE,
    /** As {@link #PROFILE}, but what is already there, from HttpClient too, stays as it is. */
    FILL,
    /** Not at all: the request's headers are sent as they are. */
    OFF
}
