package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine against the JDK's, in memory. */
class EngineHandshakeTest {

    private static TestPki pki;
    private static KeyPair keys;

    @BeforeAll
    static void authority() throws Exception {
        pki = new TestPki();
        keys = TestPki.ecKeys();
    }

    @ParameterizedTest
    @CsvSource({
        "chrome-156, TLSv1.3, wrap",
        "chrome-156, TLSv1.2, unwrap",
        "firefox-153, TLSv1.3, wrap",
        "firefox-153, TLSv1.2, unwrap"
    })
    void shakesHandsAndCarriesData(String profile, String version, String lastCall) throws Exception {
        SSLEngine server = server("host.test", version);
        SSLEngine client = trusting(profile).createSSLEngine("host.test", 443);
        EnginePair pair = new EnginePair(client, server);
        pair.shakeHands();
        assertThat(pair.clientFinished()).containsExactly(lastCall);
        assertThat(client.getSession().getProtocol()).isEqualTo(version);
        assertThat(client.getSession().getCipherSuite())
                .isEqualTo(server.getSession().getCipherSuite());
        assertThat(client.getApplicationProtocol()).isEqualTo("h2");
        assertThat(((UtlsSslSession) client.getSession()).profile().name()).isEqualTo(profile);
        assertThat(pair.clientSends("question")).isEqualTo("question");
        assertThat(pair.serverSends("answer")).isEqualTo("answer");
    }

    @Test
    void refusesACertificateForAnotherHost() throws Exception {
        EnginePair pair = new EnginePair(
                trusting("chrome-156").createSSLEngine("other.test", 443), server("host.test", "TLSv1.3"));
        assertThatThrownBy(pair::shakeHands)
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("other.test:443");
    }

    /** A trust manager that takes any chain must not lead to taking any host. */
    @Test
    void verifiesTheHostEvenWhereTheTrustManagerDoesNot() throws Exception {
        UtlsSslContext credulous = UtlsSslContext.builder()
                .profile(BrowserProfiles.find("chrome-156"))
                .trustManager(new Credulous())
                .build();
        EnginePair wrong = new EnginePair(credulous.createSSLEngine("other.test", 443), server("host.test", "TLSv1.3"));
        assertThatThrownBy(wrong::shakeHands)
                .isInstanceOf(SSLPeerUnverifiedException.class)
                .hasMessageContaining("other.test")
                .hasMessageContaining("host.test");
        EnginePair right = new EnginePair(credulous.createSSLEngine("host.test", 443), server("host.test", "TLSv1.3"));
        right.shakeHands();
        assertThat(right.clientSends("x")).isEqualTo("x");
    }

    @Test
    void anEngineWithoutAHostVerifiesNone() throws Exception {
        EnginePair pair = new EnginePair(trusting("chrome-156").createSSLEngine(), server("host.test", "TLSv1.3"));
        assertThatThrownBy(pair::shakeHands).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void refusesAnAuthorityThatIsNotTrusted() throws Exception {
        UtlsSslContext stranger = UtlsSslContext.builder()
                .profile(BrowserProfiles.find("chrome-156"))
                .trustStore(new TestPki().trustStore())
                .build();
        EnginePair pair = new EnginePair(stranger.createSSLEngine("host.test", 443), server("host.test", "TLSv1.3"));
        assertThatThrownBy(pair::shakeHands)
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("host.test:443")
                .hasMessageContaining("certificate not accepted");
    }

    @Test
    void pinsAreCheckedBesidesTrust() throws Exception {
        String unknown = "sha256/" + Base64.getEncoder().encodeToString(new byte[32]);
        assertThatThrownBy(
                        () -> pinned(SpkiPins.none().with("host.test", unknown)).shakeHands())
                .isInstanceOf(SSLPeerUnverifiedException.class)
                .hasMessageContaining("no key pinned for host.test");
        EnginePair pair = pinned(SpkiPins.none().with("host.test", unknown, SpkiPins.pinOf(pki.ca())));
        pair.shakeHands();
        assertThat(pair.serverSends("x")).isEqualTo("x");
        pinned(SpkiPins.none().with("other.test", unknown)).shakeHands();
    }

    private static EnginePair pinned(SpkiPins pins) throws Exception {
        UtlsSslContext context = UtlsSslContext.builder()
                .profile(BrowserProfiles.find("chrome-156"))
                .trustStore(pki.trustStore())
                .pins(pins)
                .build();
        return new EnginePair(context.createSSLEngine("host.test", 443), server("host.test", "TLSv1.3"));
    }

    /** A pinned certificate that signs nothing in the chain, sent besides it, proves nothing. */
    @Test
    void aPinnedCertificateBesideTheChainDoesNotCount() throws Exception {
        X509Certificate pinned = new TestPki().ca();
        ServerTrust trust =
                new ServerTrust(new Credulous(), SpkiPins.none().with("ca.test", SpkiPins.pinOf(pinned)), null);
        SSLEngine engine = trusting("chrome-156").createSSLEngine("ca.test", 443);
        assertThatThrownBy(() -> trust.verify(List.of(pki.ca(), pinned), "UNKNOWN", engine, "ca.test", false))
                .isInstanceOf(SSLPeerUnverifiedException.class);
        trust.verify(List.of(pinned), "UNKNOWN", engine, "ca.test", false);
    }

    private static UtlsSslContext trusting(String profile) throws Exception {
        return UtlsSslContext.builder()
                .profile(BrowserProfiles.find(profile))
                .trustStore(pki.trustStore())
                .build();
    }

    private static SSLEngine server(String name, String version) throws Exception {
        SSLContext context = pki.server(keys, name);
        SSLEngine server = context.createSSLEngine();
        server.setUseClientMode(false);
        SSLParameters parameters = server.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(new String[] {"h2"});
        server.setSSLParameters(parameters);
        return server;
    }

    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
