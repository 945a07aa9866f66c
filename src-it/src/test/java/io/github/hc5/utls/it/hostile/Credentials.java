package io.github.hc5.utls.it.hostile;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A private key with the chain that a server shows for it, leaf first. The chain need not be sound.
 *
 * @param key the key that signs handshakes
 * @param chain what the peer is shown
 */
record Credentials(PrivateKey key, List<X509Certificate> chain) {

    private static final char[] PASSWORD = "in memory".toCharArray();

    Credentials {
        chain = List.copyOf(chain);
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    /** Returns the same chain with a key that does not belong to it. */
    Credentials withKey(PrivateKey other) {
        return new Credentials(other, chain);
    }

    KeyManager[] keyManagers() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, PASSWORD, chain.toArray(new X509Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, PASSWORD);
            return factory.getKeyManagers();
        } catch (IOException e) {
            throw new GeneralSecurityException("in-memory key store", e);
        }
    }

    /** Returns the JDK's context of a server with these credentials. */
    SSLContext jsseServer() throws GeneralSecurityException {
        return jsseServer(null);
    }

    /** Returns the same for a server that asks for certificates, and trusts what the manager trusts. */
    SSLContext jsseServer(@Nullable TrustManager trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers(), trust == null ? null : new TrustManager[] {trust}, null);
        return context;
    }
}
