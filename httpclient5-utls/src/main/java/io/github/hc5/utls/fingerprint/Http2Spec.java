package io.github.hc5.utls.fingerprint;

/** A browser's HTTP/2 connection. */
public record Http2Spec() {}
