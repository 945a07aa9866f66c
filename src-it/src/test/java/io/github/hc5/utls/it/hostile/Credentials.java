package io.github.hc5.utls.it.hostile;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
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

    /** Returns the same without the intermediate certificates. */
    Credentials leafOnly() {
        return new Credentials(key, chain.subList(0, 1));
    }

    /** Returns the same with one more certificate, which need not have to do with the rest. */
    Credentials followedBy(X509Certificate certificate) {
        List<X509Certificate> longer = new ArrayList<>(chain);
        longer.add(certificate);
        return new Credentials(key, longer);
    }

    /** Returns the JDK's context of a server with these credentials. */
    SSLContext jsseServer() throws GeneralSecurityException {
        return jsseServer(null);
    }

    /** Returns the same for a server that asks for certificates, and trusts what the manager trusts. */
    SSLContext jsseServer(@Nullable TrustManager trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new SingleKey(this)}, trust == null ? null : new TrustManager[] {trust}, null);
        return context;
    }
}
