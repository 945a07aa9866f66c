/**
 * Browser profiles as immutable data: what a browser's ClientHello, HTTP/2 connection and headers look like, and the
 * fingerprints (JA3, JA4, Akamai) that observers compute from them.
 */
@NullMarked
package io.github.hc5.utls.fingerprint;

import org.jspecify.annotations.NullMarked;
