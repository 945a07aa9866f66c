package io.github.hc5.utls.samples.mirror;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * A certificate authority and one server certificate issued by it (RFC 5280), made anew for each server so that no key
 * is ever shipped or reused.
 *
 * @param authority the authority's self-signed certificate
 * @param server the server's certificate
 * @param serverKey the private key of {@code server}
 */
public record MirrorCertificates(X509Certificate authority, X509Certificate server, PrivateKey serverKey) {

    private static final List<String> LOOPBACK_NAMES = List.of("localhost", "127.0.0.1", "::1");
    private static final X500Principal AUTHORITY_NAME = new X500Principal("CN=utls mirror CA,O=httpclient5-utls");
    private static final X500Principal SERVER_NAME = new X500Principal("CN=utls mirror,O=httpclient5-utls");

    /** Absorbs clocks that differ; well below the 398 days that browsers accept for a server certificate. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private static final Duration VALIDITY = Duration.ofDays(90);
    private static final int SERIAL_BITS = 127;

    /**
     * Makes ECDSA P-256 keys and certificates valid from a day before {@code now} to ninety days after it.
     *
     * @param names host names or IP addresses besides those of loopback
     */
    public static MirrorCertificates issue(List<String> names, Instant now) {
        try {
            SecureRandom random = new SecureRandom();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair authorityKeys = generator.generateKeyPair();
            KeyPair serverKeys = generator.generateKeyPair();
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();

            JcaX509v3CertificateBuilder authority = builder(AUTHORITY_NAME, AUTHORITY_NAME, authorityKeys, now, random);
            authority.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            authority.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            authority.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    extensions.createSubjectKeyIdentifier(authorityKeys.getPublic()));

            JcaX509v3CertificateBuilder server = builder(AUTHORITY_NAME, SERVER_NAME, serverKeys, now, random);
            server.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            server.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            server.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            server.addExtension(Extension.subjectAlternativeName, false, subjectAlternativeNames(names));
            server.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    extensions.createSubjectKeyIdentifier(serverKeys.getPublic()));
            server.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(authorityKeys.getPublic()));

            return new MirrorCertificates(
                    sign(authority, authorityKeys), sign(server, authorityKeys), serverKeys.getPrivate());
        } catch (GeneralSecurityException | OperatorException | IOException e) {
            throw new IllegalStateException("cannot make the mirror's certificates: " + e.getMessage(), e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, KeyPair keys, Instant now, SecureRandom random) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).setBit(0),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(VALIDITY)),
                subject,
                keys.getPublic());
    }

    private static GeneralNames subjectAlternativeNames(List<String> names) {
        Set<String> all = new LinkedHashSet<>(LOOPBACK_NAMES);
        all.addAll(names);
        return new GeneralNames(all.stream()
                .map(name ->
                        new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair authorityKeys)
            throws GeneralSecurityException, OperatorException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKeys.getPrivate())));
    }
}
