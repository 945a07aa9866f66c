package io.github.hc5.utls.tls;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The signature schemes of TLS (RFC 8446 section 4.2.3) in the terms of the JDK's security API. */
enum SignatureScheme {
    ECDSA_SECP256R1_SHA256(0x0403, "EC", "SHA256withECDSA", "secp256r1"),
    ECDSA_SECP384R1_SHA384(0x0503, "EC", "SHA384withECDSA", "secp384r1"),
    ECDSA_SECP521R1_SHA512(0x0603, "EC", "SHA512withECDSA", "secp521r1"),
    ED25519(0x0807, "EdDSA", "Ed25519", null),
    ED448(0x0808, "EdDSA", "Ed448", null),
    RSA_PSS_RSAE_SHA256(0x0804, "RSA", "SHA-256", null),
    RSA_PSS_RSAE_SHA384(0x0805, "RSA", "SHA-384", null),
    RSA_PSS_RSAE_SHA512(0x0806, "RSA", "SHA-512", null),
    RSA_PSS_PSS_SHA256(0x0809, "RSASSA-PSS", "SHA-256", null),
    RSA_PSS_PSS_SHA384(0x080A, "RSASSA-PSS", "SHA-384", null),
    RSA_PSS_PSS_SHA512(0x080B, "RSASSA-PSS", "SHA-512", null),
    RSA_PKCS1_SHA256(0x0401, "RSA", "SHA256withRSA", null),
    RSA_PKCS1_SHA384(0x0501, "RSA", "SHA384withRSA", null),
    RSA_PKCS1_SHA512(0x0601, "RSA", "SHA512withRSA", null),
    ECDSA_SHA1(0x0203, "EC", "SHA1withECDSA", null),
    RSA_PKCS1_SHA1(0x0201, "RSA", "SHA1withRSA", null);

    private static final String PSS = "RSASSA-PSS";

    private final int codePoint;
    private final String keyType;
    private final String algorithm;
    private final @Nullable String curve;

    SignatureScheme(int codePoint, String keyType, String algorithm, @Nullable String curve) {
        this.codePoint = codePoint;
        this.keyType = keyType;
        this.algorithm = algorithm;
        this.curve = curve;
    }

    int codePoint() {
        return codePoint;
    }

    /** Returns the JDK's names of the schemes that it knows, each once, in order. */
    static String[] jdkNames(Collection<Integer> codePoints) {
        return known(codePoints).stream()
                .map(scheme -> scheme.pss() ? PSS : scheme.algorithm)
                .distinct()
                .toArray(String[]::new);
    }

    /** Returns the key types that can sign by one of the schemes, each once, in order. */
    static List<String> keyTypes(Collection<Integer> codePoints) {
        return known(codePoints).stream()
                .map(scheme -> scheme.keyType)
                .distinct()
                .toList();
    }

    /**
     * Returns the first scheme of the peer's list that the key can sign by, or null if there is none.
     *
     * @param tls13 whether TLS 1.3 was negotiated, which binds ECDSA to a curve and forbids PKCS #1 and SHA-1
     */
    static @Nullable SignatureScheme choose(Collection<Integer> offered, PrivateKey key, boolean tls13) {
        return known(offered).stream()
                .filter(scheme -> scheme.fits(key, tls13))
                .findFirst()
                .orElse(null);
    }

    /** Returns a signature object ready to be fed what is to be signed. */
    Signature signer(PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(pss() ? PSS : algorithm);
        if (pss()) {
            int saltBytes = Integer.parseInt(algorithm.substring("SHA-".length())) / 8;
            signature.setParameter(
                    new PSSParameterSpec(algorithm, "MGF1", new MGF1ParameterSpec(algorithm), saltBytes, 1));
        }
        signature.initSign(key);
        return signature;
    }

    private boolean pss() {
        return algorithm.startsWith("SHA-");
    }

    private boolean fits(PrivateKey key, boolean tls13) {
        String actual = key.getAlgorithm();
        boolean sameType = keyType.equals(actual)
                || (keyType.equals("EdDSA") && algorithm.equals(actual))
                || (keyType.equals("EC") && actual.equals("ECDSA"));
        if (!sameType) {
            return false;
        }
        if (!tls13) {
            return true;
        }
        return switch (this) {
            case RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PKCS1_SHA1, ECDSA_SHA1 -> false;
            default -> curve == null || isOn(key, curve);
        };
    }

    private static boolean isOn(PrivateKey key, String curve) {
        if (!(key instanceof ECKey ec)) {
            // A key in hardware does not tell; let its provider decide.
            return true;
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve));
            ECParameterSpec expected = parameters.getParameterSpec(ECParameterSpec.class);
            return Objects.equals(expected.getCurve(), ec.getParams().getCurve());
        } catch (NoSuchAlgorithmException | InvalidParameterSpecException e) {
            return false;
        }
    }

    private static List<SignatureScheme> known(Collection<Integer> codePoints) {
        List<SignatureScheme> known = new ArrayList<>();
        for (int codePoint : codePoints) {
            Arrays.stream(values())
                    .filter(scheme -> scheme.codePoint == codePoint)
                    .forEach(known::add);
        }
        return known;
    }
}
