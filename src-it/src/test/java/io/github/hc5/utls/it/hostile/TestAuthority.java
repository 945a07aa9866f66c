package io.github.hc5.utls.it.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.jspecify.annotations.Nullable;

/** A certificate authority made for the tests: one root that the clients trust, and whatever it signs. */
final class TestAuthority {

    /** The name under which the tests' servers are reached. */
    static final String HOST = "server.test";

    private static final AtomicLong SERIAL = new AtomicLong(1);

    /** The authority that the clients under test trust. */
    static final TestAuthority TRUSTED = create("Hostile Test Root");

    /** A sound authority that nobody was told to trust. */
    static final TestAuthority UNKNOWN = create("Unknown Root");

    private final X500Name name;
    private final KeyPair keys;
    private final List<X509Certificate> chain;
    private @Nullable Credentials ecServer;
    private @Nullable Credentials rsaServer;

    TestAuthority(X500Name name, KeyPair keys, List<X509Certificate> chain) {
        this.name = name;
        this.keys = keys;
        this.chain = List.copyOf(chain);
    }

    private static TestAuthority create(String commonName) {
        KeyPair keys = ecKeys();
        X500Name name = new X500Name("CN=" + commonName);
        X509Certificate root = new CertificateRequest(commonName, keys)
                .authority(-1)
                .valid(Duration.ofDays(-30), Duration.ofDays(365))
                .signedBy(name, keys);
        return new TestAuthority(name, keys, List.of(root));
    }

    /** Returns an authority that calls itself as the other does, and shows that one's certificate. */
    static TestAuthority impostor(TestAuthority original) {
        return new TestAuthority(original.name, ecKeys(), original.chain);
    }

    static BigInteger nextSerial() {
        return BigInteger.valueOf(SERIAL.getAndIncrement());
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** Returns sound P-256 credentials for {@link #HOST}, the same each time. */
    synchronized Credentials server() {
        if (ecServer == null) {
            ecServer = issue(request(ecKeys()));
        }
        return ecServer;
    }

    /** Returns sound RSA-2048 credentials for {@link #HOST}, the same each time. */
    synchronized Credentials rsaServer() {
        if (rsaServer == null) {
            rsaServer = issue(request(rsaKeys(2048)));
        }
        return rsaServer;
    }

    /** Returns a request that, unchanged, makes a sound certificate for {@link #HOST}. */
    static CertificateRequest request(KeyPair keys) {
        return new CertificateRequest(HOST, keys).dns(HOST);
    }

    /** Signs the request; the chain ends below the root, as servers send it. */
    Credentials issue(CertificateRequest request) {
        List<X509Certificate> shown = new ArrayList<>();
        shown.add(request.signedBy(name, keys));
        if (chain.size() > 1) {
            shown.addAll(chain.subList(0, chain.size() - 1));
        }
        return new Credentials(request.keys().getPrivate(), shown);
    }

    /** Makes an authority below this one, of whatever soundness the request has. */
    TestAuthority subordinate(CertificateRequest request) {
        List<X509Certificate> extended = new ArrayList<>();
        extended.add(request.signedBy(name, keys));
        extended.addAll(chain);
        return new TestAuthority(request.subject(), request.keys(), extended);
    }

    /** Returns credentials that vouch for themselves. */
    static Credentials selfSigned(CertificateRequest request) {
        return new Credentials(
                request.keys().getPrivate(), List.of(request.signedBy(request.subject(), request.keys())));
    }

    /** Returns a store that trusts this authority's root alone. */
    KeyStore trustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("root", chain.get(chain.size() - 1));
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the JDK's own trust manager over {@link #trustStore()}. */
    X509ExtendedTrustManager trustManager() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trustStore());
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager x509) {
                    return x509;
                }
            }
            throw new IllegalStateException("no X.509 trust manager");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair ecKeys() {
        return keys("EC", 256);
    }

    static KeyPair rsaKeys(int bits) {
        return keys("RSA", bits);
    }

    private static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
