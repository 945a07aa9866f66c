package io.github.hc5.utls.it.bench;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec.KeyShares;
import io.github.hc5.utls.fingerprint.ExtensionSpec.SupportedGroups;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;

/** The sides that are compared: the same client over the same server, with another TLS beneath. */
enum TlsSide {
    /**
     * The JDK's engine by the stock strategy, with the one suite that the browser's order leads to as well. Run with
     * {@code -Djdk.tls.namedGroups=x25519}, or it makes a key share for P-256 besides.
     */
    JSSE {
        @Override
        TlsStrategy strategy(Path authority) throws IOException, GeneralSecurityException {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store(authority));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return ClientTlsStrategyBuilder.create()
                    .setSslContext(context)
                    .setCiphers("TLS_AES_128_GCM_SHA256")
                    .buildAsync();
        }
    },

    /** Ours with a hello that offers X25519 alone, as the JDK's engine does then. */
    X25519 {
        @Override
        TlsStrategy strategy(Path authority) throws IOException, GeneralSecurityException {
            return ours(authority, withX25519Alone(BrowserProfiles.find("chrome-156")));
        }
    },

    /** Ours with the hello of chrome-156, hybrid key share and all. */
    CHROME_156 {
        @Override
        TlsStrategy strategy(Path authority) throws IOException, GeneralSecurityException {
            return ours(authority, BrowserProfiles.find("chrome-156"));
        }
    };

    private static final int X25519_GROUP = 29;

    /** Returns a strategy that trusts the given authority alone. */
    abstract TlsStrategy strategy(Path authority) throws IOException, GeneralSecurityException;

    private static TlsStrategy ours(Path authority, BrowserProfile profile)
            throws IOException, GeneralSecurityException {
        return new UtlsTlsStrategy(UtlsSslContext.builder()
                .profile(profile)
                .trustStore(store(authority))
                .build());
    }

    private static KeyStore store(Path authority) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(authority)) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", certificate);
            return store;
        }
    }

    private static BrowserProfile withX25519Alone(BrowserProfile profile) {
        ClientHelloSpec hello = profile.hello();
        List<ExtensionSpec> extensions =
                hello.extensions().stream().map(TlsSide::withX25519Alone).toList();
        return new BrowserProfile(
                "x25519",
                profile.source(),
                new ClientHelloSpec(
                        hello.recordVersion(),
                        hello.sessionIdLength(),
                        hello.cipherSuites(),
                        extensions,
                        hello.order()),
                profile.http2(),
                profile.headers());
    }

    private static ExtensionSpec withX25519Alone(ExtensionSpec extension) {
        if (extension instanceof SupportedGroups) {
            return new SupportedGroups(List.of(X25519_GROUP));
        }
        return extension instanceof KeyShares ? new KeyShares(List.of(X25519_GROUP), false) : extension;
    }
}
