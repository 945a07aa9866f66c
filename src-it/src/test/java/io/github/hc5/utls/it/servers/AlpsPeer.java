package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** The decisions of an {@link AlpsServer} in one handshake: versions, groups, extensions, credentials. */
@SuppressWarnings({"rawtypes", "unchecked", "JdkObsolete"}) // bctls speaks in raw collections
final class AlpsPeer extends AbstractTlsServer {

    private static final int RECORD_SIZE_LIMIT = 28;
    private static final int DELEGATED_CREDENTIAL = 34;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xFE0D;

    private final AlpsSettings settings;
    private final AlpsConnection connection;

    AlpsPeer(AlpsSettings settings, AlpsConnection connection) {
        super(new BcTlsCrypto(new SecureRandom()));
        this.settings = settings;
        this.connection = connection;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv13.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {
            CipherSuite.TLS_AES_128_GCM_SHA256,
            CipherSuite.TLS_AES_256_GCM_SHA384,
            CipherSuite.TLS_CHACHA20_POLY1305_SHA256
        };
    }

    @Override
    public int[] getSupportedGroups() {
        return settings.groups.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public boolean preferLocalSupportedGroups() {
        return true;
    }

    @Override
    protected Vector getProtocolNames() {
        Vector names = new Vector();
        settings.applicationProtocols.forEach(name -> names.add(ProtocolName.asUtf8Encoding(name)));
        return names;
    }

    @Override
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = super.getServerExtensions();
        connection.selected(selectedProtocolName == null ? null : selectedProtocolName.getUtf8Decoding());
        settings.alpsCodePoint.ifPresent(codePoint -> {
            if (offersSettings(codePoint)) {
                extensions.put(codePoint, settings.alpsSettings.toByteArray());
            }
        });
        if (settings.recordSizeLimit.isPresent() && clientExtensions.containsKey(RECORD_SIZE_LIMIT)) {
            extensions.put(RECORD_SIZE_LIMIT, TlsUtils.encodeUint16(settings.recordSizeLimit.getAsInt()));
        }
        if (settings.echRetryConfigs != null && clientExtensions.containsKey(ENCRYPTED_CLIENT_HELLO)) {
            extensions.put(ENCRYPTED_CLIENT_HELLO, settings.echRetryConfigs.toByteArray());
        }
        return extensions;
    }

    /** The client's list must name the protocol that ALPN selected. */
    private boolean offersSettings(int codePoint) {
        byte[] offer = (byte[]) clientExtensions.get(codePoint);
        return offer != null
                && selectedProtocolName != null
                && WireClientHello.protocols(new WireExtension(codePoint, Octets.of(offer)))
                        .contains(selectedProtocolName.getUtf8Decoding());
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        Optional<DelegatedKey> delegated = delegatedKey();
        Identity identity = settings.identity;
        int scheme = delegated.isEmpty() && identity.privateKey().getAlgorithm().equals("RSA")
                ? SignatureScheme.rsa_pss_rsae_sha256
                : SignatureScheme.ecdsa_secp256r1_sha256;
        SignatureAndHashAlgorithm algorithm = SignatureScheme.getSignatureAndHashAlgorithm(scheme);
        byte[] key = delegated
                .map(each -> each.keys().getPrivate())
                .orElse(identity.privateKey())
                .getEncoded();
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                (BcTlsCrypto) getCrypto(),
                PrivateKeyFactory.createKey(key),
                certificate(identity.chain(), delegated),
                algorithm);
    }

    private Optional<DelegatedKey> delegatedKey() {
        byte[] offer = (byte[]) clientExtensions.get(DELEGATED_CREDENTIAL);
        return offer == null ? Optional.empty() : Optional.ofNullable(settings.delegatedKey);
    }

    private Certificate certificate(List<X509Certificate> chain, Optional<DelegatedKey> delegated) throws IOException {
        CertificateEntry[] entries = new CertificateEntry[chain.size()];
        for (int i = 0; i < entries.length; i++) {
            Hashtable extensions = new Hashtable();
            if (i == 0) {
                delegated.ifPresent(key ->
                        extensions.put(DELEGATED_CREDENTIAL, key.credential().toByteArray()));
            }
            entries[i] = new CertificateEntry(getCrypto().createCertificate(encoded(chain.get(i))), extensions);
        }
        return new Certificate(TlsUtils.EMPTY_BYTES, entries);
    }

    private static byte[] encoded(X509Certificate certificate) throws IOException {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Override
    public @Nullable CertificateRequest getCertificateRequest() throws IOException {
        if (!settings.clientCertificate) {
            return null;
        }
        Vector algorithms = new Vector();
        algorithms.add(SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256));
        algorithms.add(SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.rsa_pss_rsae_sha256));
        return new CertificateRequest(TlsUtils.EMPTY_BYTES, algorithms, null, null);
    }

    @Override
    public void notifyClientCertificate(Certificate received) throws IOException {
        if (received.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.certificate_required);
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            X509Certificate[] chain = new X509Certificate[received.getLength()];
            int next = 0;
            for (TlsCertificate each : received.getCertificateList()) {
                chain[next++] =
                        (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(each.getEncoded()));
            }
            TestPki.CLIENTS
                    .trustManager()
                    .checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            connection.receivedClient(chain[0].getSubjectX500Principal().getName());
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
        }
    }
}
