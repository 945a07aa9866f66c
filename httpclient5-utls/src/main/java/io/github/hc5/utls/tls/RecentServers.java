package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.Octets;
import java.io.IOException;
import java.util.List;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * What need not be worked out again for a server that was met before: its unpacked certificate message, and its public
 * key as an object, on which BC keeps the multiples of the point that it precomputes; a signature by the same key is then
 * verified in less than half the time. Nothing here says that a server is trusted. Safe for use by several threads.
 */
final class RecentServers {

    private static final int MAX_ENTRIES = 256;
    private static final int MAX_CERTIFICATE = 1 << 14;

    private final RecentlyUsed<Octets, AsymmetricKeyParameter> keys = new RecentlyUsed<>(MAX_ENTRIES);
    private final RecentlyUsed<Compressed, Octets> certificates = new RecentlyUsed<>(MAX_ENTRIES);

    private record Compressed(Octets message, List<Integer> offered) {}

    /** Makes a public key of its encoding. */
    interface KeyParser {
        AsymmetricKeyParameter parse() throws IOException;
    }

    /** Returns the key with the given SubjectPublicKeyInfo, parsed now or earlier. */
    AsymmetricKeyParameter key(byte[] encoded, KeyParser parser) throws IOException {
        Octets name = Octets.of(encoded);
        AsymmetricKeyParameter known = keys.get(name);
        if (known != null) {
            return known;
        }
        AsymmetricKeyParameter parsed = parser.parse();
        keys.put(name, parsed);
        return parsed;
    }

    /**
     * Returns the Certificate message of a CompressedCertificate message, unpacked now or earlier. What another profile was
     * sent is no answer to an offer that lacks its algorithm, so the offer is part of the question.
     */
    byte[] certificate(byte[] compressed, List<Integer> offered) throws IOException {
        Compressed name = new Compressed(Octets.of(compressed), offered);
        @Nullable Octets known = certificates.get(name);
        if (known != null) {
            return known.toByteArray();
        }
        byte[] certificate = CertificateDecompressor.decompress(compressed, offered);
        if (compressed.length + certificate.length <= MAX_CERTIFICATE) {
            certificates.put(name, Octets.of(certificate));
        }
        return certificate;
    }
}
