/**
 * The wire above TLS: HTTP/2 frames, HPACK, HTTP/1.1 and headers as the browser of a connection's profile sends them.
 */
@NullMarked
package io.github.hc5.utls.http;

import org.jspecify.annotations.NullMarked;
