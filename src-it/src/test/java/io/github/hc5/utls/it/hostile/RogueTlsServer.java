package io.github.hc5.utls.it.hostile;

import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;

/** The decisions of a {@link RogueServer}, all of them honest: one version, one certificate, h2 or http/1.1. */
final class RogueTlsServer extends AbstractTlsServer {

    private static final int[] TLS13_SUITES = {CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_AES_256_GCM_SHA384};
    private static final int[] TLS12_ECDSA_SUITES = {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
    private static final int[] TLS12_RSA_SUITES = {CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256};

    private final Credentials credentials;
    private final ProtocolVersion version;
    private final RogueCrypto rogueCrypto;
    private final List<Short> alerts = new ArrayList<>();

    RogueTlsServer(Credentials credentials, ProtocolVersion version, RogueCrypto crypto) {
        super(crypto);
        this.credentials = credentials;
        this.version = version;
        this.rogueCrypto = crypto;
    }

    List<Short> alerts() {
        return alerts;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return version.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        if (version.equals(ProtocolVersion.TLSv13)) {
            return TLS13_SUITES;
        }
        return hasEcKey() ? TLS12_ECDSA_SUITES : TLS12_RSA_SUITES;
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        Vector<ProtocolName> names = new Vector<>();
        names.add(ProtocolName.HTTP_1_1);
        return names;
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        alerts.add(description);
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        int scheme = hasEcKey() ? SignatureScheme.ecdsa_secp256r1_sha256 : SignatureScheme.rsa_pss_rsae_sha256;
        SignatureAndHashAlgorithm algorithm = SignatureScheme.getSignatureAndHashAlgorithm(scheme);
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                rogueCrypto,
                PrivateKeyFactory.createKey(credentials.key().getEncoded()),
                certificate(),
                algorithm);
    }

    private boolean hasEcKey() {
        return credentials.key().getAlgorithm().equals("EC");
    }

    private Certificate certificate() throws IOException {
        List<X509Certificate> chain = credentials.chain();
        try {
            TlsCertificate[] plain = new TlsCertificate[chain.size()];
            CertificateEntry[] entries = new CertificateEntry[chain.size()];
            for (int i = 0; i < plain.length; i++) {
                plain[i] = rogueCrypto.createCertificate(chain.get(i).getEncoded());
                entries[i] = new CertificateEntry(plain[i], null);
            }
            return version.equals(ProtocolVersion.TLSv13)
                    ? new Certificate(TlsUtils.EMPTY_BYTES, entries)
                    : new Certificate(plain);
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }
}
