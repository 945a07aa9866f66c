package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ExtensionSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatus;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.KeyExchangeAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.jspecify.annotations.Nullable;

/** The certificates of one handshake: verifies the server's by the JDK's rules, and chooses ours by the key manager. */
@SuppressWarnings({"JdkObsolete", "rawtypes"}) // BC's API is of Hashtable and Vector
final class HandshakeAuthentication implements TlsAuthentication {

    /** The JDK's word for "whatever TLS 1.3 negotiated"; it demands a key for signatures. */
    private static final String TLS13_AUTH_TYPE = "UNKNOWN";

    private final UtlsSslEngine engine;
    private final ServerTrust trust;
    private final @Nullable X509KeyManager keyManager;
    private final TlsCrypto crypto;

    HandshakeAuthentication(
            UtlsSslEngine engine, ServerTrust trust, @Nullable X509KeyManager keyManager, TlsCrypto crypto) {
        this.engine = engine;
        this.trust = trust;
        this.keyManager = keyManager;
        this.crypto = crypto;
    }

    @Override
    public void notifyServerCertificate(TlsServerCertificate message) throws IOException {
        UtlsSslSession session = engine.session();
        session.negotiated(engine.securityParameters());
        List<X509Certificate> chain = new ArrayList<>();
        for (TlsCertificate certificate : message.getCertificate().getCertificateList()) {
            chain.add(parse(certificate.getEncoded()));
        }
        session.peerChain(chain, stapled(message));
        try {
            trust.verify(chain, authType(), engine, engine.getPeerHost(), engine.verifiesHost());
        } catch (CertificateException | SSLException e) {
            throw new TlsFatalAlert(AlertDescription.certificate_unknown, e);
        } catch (RuntimeException e) {
            throw new TlsFatalAlert(
                    AlertDescription.certificate_unknown, new CertificateException("the trust manager failed", e));
        }
    }

    @Override
    public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        if (keyManager == null) {
            return null;
        }
        engine.session().negotiated(engine.securityParameters());
        boolean tls13 = engine.isTls13();
        List<Integer> schemes = schemes(request);
        Collection<String> types = keyTypes(request, schemes);
        Principal[] issuers = issuers(request);
        for (String type : types) {
            String alias = keyManager instanceof X509ExtendedKeyManager extended
                    ? extended.chooseEngineClientAlias(new String[] {type}, issuers, engine)
                    : keyManager.chooseClientAlias(new String[] {type}, issuers, null);
            if (alias == null) {
                continue;
            }
            PrivateKey key = keyManager.getPrivateKey(alias);
            X509Certificate[] chain = keyManager.getCertificateChain(alias);
            SignatureScheme scheme = key == null ? null : SignatureScheme.choose(schemes, key, tls13);
            if (chain != null && key != null && scheme != null) {
                engine.session().localChain(Arrays.asList(chain));
                return new JdkCredentialedSigner(encode(chain, tls13), key, scheme);
            }
        }
        return null;
    }

    /** A server may name more schemes than the browser offers; only what both name may be used in TLS 1.2. */
    private List<Integer> schemes(CertificateRequest request) {
        List<Integer> own = engine.session()
                .profile()
                .hello()
                .extension(ExtensionSpec.SignatureAlgorithms.class)
                .map(ExtensionSpec.SignatureAlgorithms::schemes)
                .orElse(List.of());
        Vector<?> theirs = request.getSupportedSignatureAlgorithms();
        if (theirs == null) {
            return own;
        }
        List<Integer> both = new ArrayList<>();
        for (Object algorithm : theirs) {
            int codePoint = org.bouncycastle.tls.SignatureScheme.from((SignatureAndHashAlgorithm) algorithm);
            if (own.contains(codePoint)) {
                both.add(codePoint);
            }
        }
        return both;
    }

    private static Collection<String> keyTypes(CertificateRequest request, List<Integer> schemes) {
        List<String> types = SignatureScheme.keyTypes(schemes);
        short @Nullable [] wanted = request.getCertificateTypes();
        if (wanted == null) {
            return types;
        }
        return types.stream()
                .filter(type -> {
                    short needed =
                            type.startsWith("RSA") ? ClientCertificateType.rsa_sign : ClientCertificateType.ecdsa_sign;
                    for (short offered : wanted) {
                        if (offered == needed) {
                            return true;
                        }
                    }
                    return false;
                })
                .toList();
    }

    private static Principal @Nullable [] issuers(CertificateRequest request) throws IOException {
        Vector<?> authorities = request.getCertificateAuthorities();
        if (authorities == null || authorities.isEmpty()) {
            return null;
        }
        Principal[] issuers = new Principal[authorities.size()];
        for (int i = 0; i < issuers.length; i++) {
            issuers[i] = new X500Principal(((X500Name) authorities.get(i)).getEncoded());
        }
        return issuers;
    }

    private Certificate encode(X509Certificate[] chain, boolean tls13) throws IOException {
        TlsCertificate[] certificates = new TlsCertificate[chain.length];
        try {
            for (int i = 0; i < chain.length; i++) {
                certificates[i] = crypto.createCertificate(chain[i].getEncoded());
            }
        } catch (CertificateException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "unusable client certificate", e);
        }
        if (!tls13) {
            return new Certificate(certificates);
        }
        CertificateEntry[] entries = Arrays.stream(certificates)
                .map(certificate -> new CertificateEntry(certificate, null))
                .toArray(CertificateEntry[]::new);
        return new Certificate(new byte[0], entries);
    }

    private String authType() {
        return switch (engine.securityParameters().getKeyExchangeAlgorithm()) {
            case KeyExchangeAlgorithm.ECDHE_ECDSA -> "ECDHE_ECDSA";
            case KeyExchangeAlgorithm.ECDHE_RSA -> "ECDHE_RSA";
            case KeyExchangeAlgorithm.DHE_RSA -> "DHE_RSA";
            case KeyExchangeAlgorithm.RSA -> "RSA";
            default -> TLS13_AUTH_TYPE;
        };
    }

    private static List<byte[]> stapled(TlsServerCertificate message) throws IOException {
        CertificateStatus status = message.getCertificateStatus();
        if (status != null && status.getStatusType() == 1) {
            return List.of(status.getOCSPResponse().getEncoded());
        }
        CertificateEntry own = message.getCertificate().getCertificateEntryAt(0);
        return Optional.ofNullable(own.getExtensions())
                .map(extensions -> (byte[]) extensions.get(ExtensionSpec.STATUS_REQUEST))
                .filter(body -> body.length > 4)
                // A type byte and a 24-bit length stand before the OCSP response (RFC 6066 section 8).
                .map(body -> List.of(Arrays.copyOfRange(body, 4, body.length)))
                .orElse(List.of());
    }

    private static X509Certificate parse(byte[] der) throws TlsFatalAlert {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
        }
    }
}
