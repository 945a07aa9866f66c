package io.github.hc5.utls.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a server is the one that was meant: the chain by the trust manager, the name by RFC 9110 section 4.3.4,
 * the key by the pins. Safe for use by several threads.
 *
 * @param trustManager judges the chain; one that takes an engine judges the name too, and ours does so in any case
 * @param pins public keys demanded besides
 * @param verified what the trust manager need not be asked again; null where its verdict may change
 */
record ServerTrust(
        X509TrustManager trustManager,
        SpkiPins pins,
        @Nullable VerifiedChains verified) {

    private static final DefaultHostnameVerifier HOST_NAMES =
            new DefaultHostnameVerifier(PublicSuffixMatcherLoader.getDefault());

    /**
     * Verifies a server.
     *
     * @param chain what the server sent, its own certificate first
     * @param authType the key exchange in the JDK's words
     * @param host the name that the caller dialled, if it is known
     * @param verifyHost whether the name must be in the certificate
     * @throws CertificateException if the chain is not trusted
     * @throws SSLException if the certificate is for another host, or its key is not pinned
     */
    void verify(
            List<X509Certificate> chain, String authType, SSLEngine engine, @Nullable String host, boolean verifyHost)
            throws CertificateException, SSLException {
        VerifiedChains.Question question = new VerifiedChains.Question(chain, authType, host, verifyHost);
        if (verified != null && verified.contains(question)) {
            return;
        }
        X509Certificate[] certificates = chain.toArray(X509Certificate[]::new);
        if (trustManager instanceof X509ExtendedTrustManager extended) {
            extended.checkServerTrusted(certificates, authType, engine);
        } else {
            trustManager.checkServerTrusted(certificates, authType);
        }
        if (verifyHost) {
            if (host == null) {
                throw new CertificateException("the engine was made without a host name, so none can be verified");
            }
            HOST_NAMES.verify(host, certificates[0]);
            HostNames.requireSoundWildcard(host, certificates[0]);
        }
        if (host != null) {
            pins.check(host, path(chain));
        }
        if (verified != null) {
            verified.add(question);
        }
    }

    /**
     * Returns the certificates that really sign one another, from the server's own upwards: a server may send others
     * besides, and a pinned one among those proves nothing.
     */
    private List<X509Certificate> path(List<X509Certificate> sent) {
        List<X509Certificate> candidates = new ArrayList<>(sent.subList(1, sent.size()));
        candidates.addAll(Arrays.asList(trustManager.getAcceptedIssuers()));
        List<X509Certificate> path = new ArrayList<>();
        @Nullable X509Certificate current = sent.get(0);
        while (current != null && !path.contains(current)) {
            path.add(current);
            X509Certificate child = current;
            current = candidates.stream()
                    .filter(issuer -> signed(child, issuer))
                    .findFirst()
                    .orElse(null);
        }
        return path;
    }

    private static boolean signed(X509Certificate child, X509Certificate issuer) {
        if (!child.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            child.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
