package io.github.hc5.utls.tls;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsHash;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipher;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsHash;

/**
 * The faster of two worlds: BouncyCastle's lightweight P-256, X25519 and ML-KEM, which beat the JDK's providers, with
 * AES-GCM and the hashes taken from the JDK, whose intrinsics are ten times faster in bulk. An instance serves one
 * connection, whose ciphers write to its {@link RecordTargets}.
 */
final class MixedTlsCrypto extends BcTlsCrypto {

    private static final int GCM_TAG_BYTES = 16;

    private final RecordTargets targets;
    private final RecentServers recent;

    MixedTlsCrypto(SecureRandom random, RecordTargets targets, RecentServers recent) {
        super(random);
        this.targets = targets;
        this.recent = recent;
    }

    @Override
    public TlsCipher createCipher(TlsCryptoParameters parameters, int encryption, int mac) throws IOException {
        if (ProtocolVersion.TLSv13.equals(
                parameters.getSecurityParametersHandshake().getNegotiatedVersion())) {
            if (encryption == EncryptionAlgorithm.AES_128_GCM) {
                return new Tls13AesGcm(parameters, 16, targets);
            }
            if (encryption == EncryptionAlgorithm.AES_256_GCM) {
                return new Tls13AesGcm(parameters, 32, targets);
            }
        }
        return super.createCipher(parameters, encryption, mac);
    }

    @Override
    protected TlsAEADCipher createCipher_AES_GCM(TlsCryptoParameters parameters, int keySize, int macSize)
            throws IOException {
        if (macSize != GCM_TAG_BYTES) {
            return super.createCipher_AES_GCM(parameters, keySize, macSize);
        }
        return new TlsAEADCipher(
                parameters,
                JdkAesGcm.forEncryption(),
                JdkAesGcm.forDecryption(),
                keySize,
                macSize,
                TlsAEADCipher.AEAD_GCM,
                null);
    }

    @Override
    public TlsHash createHash(int algorithm) {
        return switch (algorithm) {
            case CryptoHashAlgorithm.sha1 -> jdkHash("SHA-1");
            case CryptoHashAlgorithm.sha256 -> jdkHash("SHA-256");
            case CryptoHashAlgorithm.sha384 -> jdkHash("SHA-384");
            case CryptoHashAlgorithm.sha512 -> jdkHash("SHA-512");
            default -> super.createHash(algorithm);
        };
    }

    @Override
    public TlsCertificate createCertificate(short type, byte[] encoding) throws IOException {
        if (type != CertificateType.X509) {
            return super.createCertificate(type, encoding);
        }
        try {
            return new DelegatingCertificate(this, encoding, recent);
        } catch (TlsFatalAlert e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // BC's ASN.1 parser reports some malformed structures by unchecked exceptions.
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "malformed certificate", e);
        }
    }

    private static TlsHash jdkHash(String name) {
        try {
            return new JcaTlsHash(MessageDigest.getInstance(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + name, e);
        }
    }
}
