package io.github.hc5.utls.fingerprint;

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
public record BrowserProfile(String name, String source, ClientHelloSpec hello, Http2Spec http2, HeaderSpec headers) {}
