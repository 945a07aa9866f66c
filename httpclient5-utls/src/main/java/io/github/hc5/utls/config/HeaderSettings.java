package io.github.hc5.utls.config;

import io.github.hc5.utls.http.HeaderMode;

/**
 * How requests are completed. Immutable.
 *
 * @param mode how far
 * @param acceptLanguage {@code profile} for the profile's own, {@code random} for one drawn for each connection, or the
 *     value of Accept-Language itself
 */
public record HeaderSettings(HeaderMode mode, String acceptLanguage) {

    /** The profile's own Accept-Language. */
    public static final String OF_PROFILE = "profile";

    /** An Accept-Language drawn for each connection. */
    public static final String RANDOM = "random";
}
