package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.Grease;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsDHConfig;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsHybridAgreement;
import org.bouncycastle.tls.crypto.TlsKemConfig;
import org.jspecify.annotations.Nullable;

/**
 * The ephemeral keys of one hello, in the browser's order. A set serves one connection and is never used again.
 *
 * @param agreements the private parts by group
 * @param shares the public parts in order
 * @param decoyKey an X25519 public key whose private part is gone, for a GREASE ECH offer
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier that is never compared
record KeyShareSet(Map<Integer, GuardedAgreement> agreements, List<HelloDraw.Share> shares, byte[] decoyKey) {

    /** For a hello of TLS 1.2, which has no key shares. */
    static final KeyShareSet NONE = new KeyShareSet(Map.of(), List.of(), new byte[0]);

    /** The length in bytes of the server's ML-KEM-768 ciphertext (FIPS 203), which precedes its X25519 key. */
    private static final int MLKEM768_CIPHERTEXT = 1088;

    /** X25519Kyber768Draft00, which BC does not know; its X25519 half comes first. */
    private static final int X25519_KYBER768_DRAFT = 0x6399;

    static KeyShareSet generate(ExtensionSpec.KeyShares spec, TlsCrypto crypto, SecureRandom random)
            throws IOException {
        Map<Integer, GuardedAgreement> agreements = new LinkedHashMap<>();
        List<HelloDraw.Share> shares = new ArrayList<>();
        X25519Agreement shared = spec.sharedX25519() ? new X25519Agreement(crypto, random) : null;
        for (int group : spec.groups()) {
            if (group == Grease.PLACEHOLDER) {
                continue;
            }
            HelloDraw.Share share;
            TlsAgreement agreement;
            if (group == NamedGroup.X25519MLKEM768) {
                TlsAgreement kem = crypto.createKemDomain(new TlsKemConfig(NamedGroup.MLKEM768, false))
                        .createKem();
                TlsAgreement curve = shared != null ? shared : new X25519Agreement(crypto, random);
                share = new HelloDraw.Share(group, concat(kem.generateEphemeral(), curve.generateEphemeral()));
                agreement = new TlsHybridAgreement(crypto, kem, curve, MLKEM768_CIPHERTEXT);
            } else if (group == X25519_KYBER768_DRAFT) {
                TlsAgreement curve = shared != null ? shared : new X25519Agreement(crypto, random);
                TlsAgreement kem = new KyberDraftAgreement(crypto, random);
                share = new HelloDraw.Share(group, concat(curve.generateEphemeral(), kem.generateEphemeral()));
                agreement = new TlsHybridAgreement(crypto, curve, kem, X25519.POINT_SIZE);
            } else {
                agreement = simple(group, crypto, random, shared);
                share = new HelloDraw.Share(group, agreement.generateEphemeral());
            }
            agreements.put(group, new GuardedAgreement(agreement));
            shares.add(share);
        }
        return new KeyShareSet(agreements, shares, new X25519Agreement(crypto, random).generateEphemeral());
    }

    /** Returns the group whose secret has been agreed upon, or -1. */
    int agreedGroup() {
        for (Map.Entry<Integer, GuardedAgreement> agreement : agreements.entrySet()) {
            if (agreement.getValue().agreed()) {
                return agreement.getKey();
            }
        }
        return -1;
    }

    private static TlsAgreement simple(
            int group, TlsCrypto crypto, SecureRandom random, @Nullable X25519Agreement shared) {
        if (group == NamedGroup.x25519) {
            return shared != null ? shared : new X25519Agreement(crypto, random);
        }
        if (NamedGroup.refersToAnECDHCurve(group)) {
            return crypto.createECDomain(new TlsECConfig(group)).createECDH();
        }
        if (NamedGroup.refersToASpecificFiniteField(group)) {
            return crypto.createDHDomain(new TlsDHConfig(group, true)).createDH();
        }
        throw new IllegalArgumentException("no key share can be made for group 0x" + Integer.toHexString(group));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return new WireWriter(first.length + second.length)
                .raw(first)
                .raw(second)
                .toByteArray();
    }
}
