/**
 * The hot connection pool: leasing, opening, sharing, checking and retiring of connections behind HttpClient's
 * {@code AsyncClientConnectionManager}.
 *
 * <p>The package receives its TLS strategy, its protocol handlers and its permits; it imports none of the packages that
 * implement them.
 */
@NullMarked
package io.github.hc5.utls.pool;

import org.jspecify.annotations.NullMarked;
