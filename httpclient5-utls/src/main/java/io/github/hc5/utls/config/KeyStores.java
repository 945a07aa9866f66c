package io.github.hc5.utls.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Reads key stores in PKCS #12, JKS and, without keys, PEM. */
public final class KeyStores {

    private static final String PEM = "-----BEGIN";

    private KeyStores() {}

    /**
     * Reads a key store.
     *
     * @param password of the file; {@code null} for none
     * @throws IllegalArgumentException if it cannot be read; the message says why, without the password
     */
    public static KeyStore read(Path file, @Nullable String password) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            char[] secret = password == null ? null : password.toCharArray();
            if (new String(bytes, StandardCharsets.ISO_8859_1).contains(PEM)) {
                return ofPem(file, bytes);
            }
            // PKCS12 reads JKS as well, and the other way round: keystore.type.compat
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), secret);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " cannot be read as PKCS #12, JKS or PEM: " + e.getMessage(), e);
        }
    }

    private static KeyStore ofPem(Path file, byte[] bytes) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
        if (certificates.isEmpty()) {
            throw new IOException("there is no certificate in it");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Certificate certificate : certificates) {
            store.setCertificateEntry(file.getFileName() + "-" + store.size(), certificate);
        }
        return store;
    }
}
