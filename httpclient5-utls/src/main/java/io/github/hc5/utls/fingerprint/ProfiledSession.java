package io.github.hc5.utls.fingerprint;

/**
 * A TLS session that knows whose ClientHello it sent, so that what is spoken above it can be the same browser's, whatever
 * a {@link FingerprintPolicy} would answer if it were asked again.
 */
public interface ProfiledSession {

    /** Returns the profile of the connection. */
    BrowserProfile profile();
}
