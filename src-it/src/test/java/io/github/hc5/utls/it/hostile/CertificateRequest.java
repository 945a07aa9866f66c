package io.github.hc5.utls.it.hostile;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** What a certificate shall say. Starts as a sound server certificate without names; each method changes one thing. */
final class CertificateRequest {

    private static final int NOT_AN_AUTHORITY = -2;

    private final X500Name subject;
    private final KeyPair keys;
    private final List<GeneralName> names = new ArrayList<>();
    private Instant notBefore = Instant.now().minus(Duration.ofDays(1));
    private Instant notAfter = Instant.now().plus(Duration.ofDays(30));
    private int keyUsage = KeyUsage.digitalSignature;
    private KeyPurposeId purpose = KeyPurposeId.id_kp_serverAuth;
    private int pathLength = NOT_AN_AUTHORITY;
    private @Nullable String permittedDomain;
    private @Nullable String signatureAlgorithm;

    CertificateRequest(String commonName, KeyPair keys) {
        this.subject = new X500Name("CN=" + commonName);
        this.keys = keys;
    }

    X500Name subject() {
        return subject;
    }

    KeyPair keys() {
        return keys;
    }

    CertificateRequest dns(String name) {
        names.add(new GeneralName(GeneralName.dNSName, name));
        return this;
    }

    CertificateRequest ip(String address) {
        names.add(new GeneralName(GeneralName.iPAddress, address));
        return this;
    }

    /** Sets the validity, both ends counted from now. */
    CertificateRequest valid(Duration from, Duration to) {
        notBefore = Instant.now().plus(from);
        notAfter = Instant.now().plus(to);
        return this;
    }

    /** Sets the bits of {@link KeyUsage}. */
    CertificateRequest usage(int bits) {
        keyUsage = bits;
        return this;
    }

    CertificateRequest purpose(KeyPurposeId id) {
        purpose = id;
        return this;
    }

    /** Makes it an authority; a negative path length leaves the length out. */
    CertificateRequest authority(int maxPathLength) {
        pathLength = Math.max(-1, maxPathLength);
        keyUsage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
        return this;
    }

    CertificateRequest permittedDomain(String domain) {
        permittedDomain = domain;
        return this;
    }

    CertificateRequest signatureAlgorithm(String algorithm) {
        signatureAlgorithm = algorithm;
        return this;
    }

    X509Certificate signedBy(X500Name issuer, KeyPair issuerKeys) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    TestAuthority.nextSerial(),
                    Date.from(notBefore),
                    Date.from(notAfter),
                    subject,
                    keys.getPublic());
            addExtensions(builder);
            String algorithm = signatureAlgorithm;
            if (algorithm == null) {
                algorithm = issuerKeys.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKeys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("certificate for " + subject, e);
        }
    }

    private void addExtensions(X509v3CertificateBuilder builder) throws CertIOException {
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(new GeneralName[0])));
        }
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
        if (pathLength == NOT_AN_AUTHORITY) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        } else {
            BasicConstraints constraints =
                    pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength);
            builder.addExtension(Extension.basicConstraints, true, constraints);
        }
        if (permittedDomain != null) {
            GeneralSubtree permitted = new GeneralSubtree(new GeneralName(GeneralName.dNSName, permittedDomain));
            builder.addExtension(
                    Extension.nameConstraints, true, new NameConstraints(new GeneralSubtree[] {permitted}, null));
        }
    }
}
