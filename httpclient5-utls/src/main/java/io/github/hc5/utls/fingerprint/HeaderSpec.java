package io.github.hc5.utls.fingerprint;

/** A browser's request headers. */
public record HeaderSpec() {}
