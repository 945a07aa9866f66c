package io.github.hc5.utls.it.hostile;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Decides as {@link TestAuthority#TRUSTED} does, and keeps what it was shown. */
final class RecordingTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager decides = TestAuthority.TRUSTED.trustManager();
    private @Nullable SSLEngine engine;
    private @Nullable ExtendedSSLSession session;
    private @Nullable String authType;
    private List<X509Certificate> chain = List.of();

    SSLEngine engine() {
        return Objects.requireNonNull(engine, "not asked yet");
    }

    ExtendedSSLSession session() {
        return Objects.requireNonNull(session, "no handshake session");
    }

    String authType() {
        return Objects.requireNonNull(authType, "not asked yet");
    }

    List<X509Certificate> chain() {
        return chain;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type, SSLEngine asking) throws CertificateException {
        engine = asking;
        session = (ExtendedSSLSession) asking.getHandshakeSession();
        authType = type;
        chain = List.of(shown);
        decides.checkServerTrusted(shown, type, asking);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type) throws CertificateException {
        throw new CertificateException("the engine was not handed over");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type, Socket socket) throws CertificateException {
        throw new CertificateException("no socket here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type, Socket socket) throws CertificateException {
        throw new CertificateException("a client's trust manager");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type, SSLEngine asking) throws CertificateException {
        throw new CertificateException("a client's trust manager");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type) throws CertificateException {
        throw new CertificateException("a client's trust manager");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return decides.getAcceptedIssuers();
    }
}
