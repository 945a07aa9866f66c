package io.github.hc5.utls.config;

import io.github.hc5.utls.tls.SpkiPins;
import java.nio.file.Path;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Whom connections trust, what they prove themselves with, and which HTTP they offer. Immutable.
 *
 * @param trustStore a PKCS #12 or JKS file, or certificates in PEM, whose authorities are trusted in place of the JDK's;
 *     {@code null}: those of the JDK
 * @param trustStorePassword of a PKCS #12 or JKS file; {@code null} for none
 * @param keyStore a PKCS #12 or JKS file with the client's certificate; {@code null}: none
 * @param keyStorePassword of that file and its keys; {@code null} for none
 * @param pins public keys that hosts must have
 * @param httpVersion what ALPN offers
 */
public record TlsSettings(
        @Nullable Path trustStore,
        @Nullable String trustStorePassword,
        @Nullable Path keyStore,
        @Nullable String keyStorePassword,
        SpkiPins pins,
        HttpVersionPolicy httpVersion) {

    /** Shows everything but the passwords. */
    @Override
    public String toString() {
        return "TlsSettings[trustStore=" + trustStore + ", trustStorePassword=" + masked(trustStorePassword)
                + ", keyStore=" + keyStore + ", keyStorePassword=" + masked(keyStorePassword) + ", httpVersion="
                + httpVersion + "]";
    }

    private static String masked(@Nullable String secret) {
        return secret == null ? "none" : "***";
    }
}
