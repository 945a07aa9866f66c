/**
 * TLS as a browser speaks it, on unforked BouncyCastle: an {@link javax.net.ssl.SSLContext} whose engines send a
 * profile's ClientHello to the byte, and the {@link org.apache.hc.core5.http.nio.ssl.TlsStrategy} that gives it to
 * HttpClient.
 *
 * <p>Only public and protected API of {@code bctls} is used; nothing is reflected upon, copied or placed in its packages,
 * so that an upgrade is a version bump guarded by the byte-exact tests.
 */
@NullMarked
package io.github.hc5.utls.tls;

import org.jspecify.annotations.NullMarked;
