package io.github.hc5.utls.bench.clients;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a client is set up for.
 *
 * @param authority PEM file of the one authority to trust
 * @param connections how many connections the client may open, in all and to one host
 * @param http1 whether HTTP/1.1 alone is offered
 * @param reuse whether connections are kept for further requests
 */
public record ClientOptions(Path authority, int connections, boolean http1, boolean reuse) {

    X509Certificate certificate() throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(authority)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    KeyStore trustStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", certificate());
        return store;
    }

    /** Returns what trusts the authority alone. */
    public TrustManagerFactory trustManagers() throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trustStore());
        return trust;
    }

    SSLContext sslContext() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trustManagers().getTrustManagers(), null);
        return context;
    }
}
