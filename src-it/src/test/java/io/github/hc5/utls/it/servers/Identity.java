package io.github.hc5.utls.it.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/**
 * A private key with its certificate chain, leaf first. The root is not part of the chain, as no server sends it.
 *
 * @param privateKey the leaf's key
 * @param chain the certificates, leaf first
 */
public record Identity(PrivateKey privateKey, List<X509Certificate> chain) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    public Identity {
        chain = List.copyOf(chain);
    }

    /** Returns the end-entity certificate. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /** Returns key managers for an {@link javax.net.ssl.SSLContext}. */
    public KeyManager[] keyManagers() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("identity", privateKey, PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, PASSWORD);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make key managers", e);
        }
    }

    /** Returns the one key manager that presents this identity. */
    public X509KeyManager keyManager() {
        return Arrays.stream(keyManagers())
                .filter(X509KeyManager.class::isInstance)
                .map(X509KeyManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** Writes the chain in PEM and returns the file. */
    Path writeChain(Path file) {
        StringBuilder pem = new StringBuilder();
        chain.forEach(certificate -> pem.append(pem(certificate)));
        return write(file, pem.toString());
    }

    /** Writes the key in PEM (PKCS #8) and returns the file. */
    Path writeKey(Path file) {
        return write(file, pem("PRIVATE KEY", privateKey.getEncoded()));
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encode a certificate", e);
        }
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
