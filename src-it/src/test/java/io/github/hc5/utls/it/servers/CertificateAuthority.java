package io.github.hc5.utls.it.servers;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of the tests: an ECDSA root made for this run, which issues servers' and clients' certificates
 * directly. Safe for use by several threads.
 */
public final class CertificateAuthority {

    /** The host name in every server certificate, beside {@code localhost} and the loopback addresses. */
    public static final String SERVER_NAME = "server.test";

    /** DelegationUsage (RFC 9345 section 4.2): the leaf may sign delegated credentials. */
    private static final ASN1ObjectIdentifier DELEGATION_USAGE = new ASN1ObjectIdentifier("1.3.6.1.4.1.44363.44");

    private static final Duration VALIDITY = Duration.ofDays(30);

    private final AtomicLong serial = new AtomicLong(1);
    private final KeyPair keys = generate(KeyKind.ECDSA);
    private final X509Certificate certificate;

    /** Makes a new root with the given common name. */
    public CertificateAuthority(String commonName) {
        X500Name name = new X500Name("CN=" + commonName);
        this.certificate = sign(name, name, keys.getPublic(), builder -> {
            add(builder, Extension.basicConstraints, true, new BasicConstraints(0));
            add(builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    /** Returns the root certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Issues a server certificate for {@link #SERVER_NAME}, {@code localhost} and the loopback addresses. */
    public Identity issueServer(KeyKind kind) {
        return issueServer(kind, false);
    }

    /** Issues an ECDSA server certificate that may sign delegated credentials. */
    public Identity issueDelegatingServer() {
        return issueServer(KeyKind.ECDSA, true);
    }

    private Identity issueServer(KeyKind kind, boolean delegating) {
        return issue("CN=" + SERVER_NAME, kind, KeyPurposeId.id_kp_serverAuth, builder -> {
            GeneralName[] names = {
                new GeneralName(GeneralName.dNSName, SERVER_NAME),
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.iPAddress, "::1")
            };
            add(builder, Extension.subjectAlternativeName, false, new GeneralNames(names));
            if (delegating) {
                add(builder, DELEGATION_USAGE, false, DERNull.INSTANCE);
            }
        });
    }

    /** Issues a client certificate with the given common name. */
    public Identity issueClient(String commonName, KeyKind kind) {
        return issue("CN=" + commonName, kind, KeyPurposeId.id_kp_clientAuth, builder -> {});
    }

    /** Returns a trust store that holds the root alone. */
    public KeyStore trustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("root", certificate);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make a trust store", e);
        }
    }

    /** Returns the JDK's trust manager that trusts the root alone. */
    public X509TrustManager trustManager() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trustStore());
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a trust manager", e);
        }
    }

    /** Writes the root in PEM and returns the file. */
    Path writeRoot(Path file) {
        return Identity.write(file, Identity.pem(certificate));
    }

    private Identity issue(
            String subject, KeyKind kind, KeyPurposeId purpose, Consumer<X509v3CertificateBuilder> extensions) {
        KeyPair pair = generate(kind);
        int usage =
                kind == KeyKind.RSA ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment : KeyUsage.digitalSignature;
        X500Name issuer = new X500Name(certificate.getSubjectX500Principal().getName());
        X509Certificate leaf = sign(issuer, new X500Name(subject), pair.getPublic(), builder -> {
            add(builder, Extension.basicConstraints, true, new BasicConstraints(false));
            add(builder, Extension.keyUsage, true, new KeyUsage(usage));
            add(builder, Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            add(builder, Extension.authorityKeyIdentifier, false, authorityKeyIdentifier());
            extensions.accept(builder);
        });
        return new Identity(pair.getPrivate(), List.of(leaf));
    }

    private ASN1Encodable authorityKeyIdentifier() {
        try {
            return new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate sign(
            X500Name issuer, X500Name subject, PublicKey subjectKey, Consumer<X509v3CertificateBuilder> extensions) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(serial.getAndIncrement()),
                Date.from(now.minus(VALIDITY)),
                Date.from(now.plus(VALIDITY)),
                subject,
                subjectKey);
        extensions.accept(builder);
        try {
            X509CertificateHolder holder =
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate for " + subject, e);
        }
    }

    static KeyPair generate(KeyKind kind) {
        try {
            if (kind == KeyKind.RSA) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                return generator.generateKeyPair();
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a " + kind + " key", e);
        }
    }

    private static void add(
            X509v3CertificateBuilder builder, ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(type, critical, value);
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot add extension " + type, e);
        }
    }
}
