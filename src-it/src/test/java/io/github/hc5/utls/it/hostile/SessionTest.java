package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine tells about itself and its peer before, during and after the handshake. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class SessionTest {

    private final EngineUnderTest subject;

    SessionTest(EngineUnderTest subject) {
        this.subject = subject;
    }

    @Test
    void beforeTheHandshake() {
        SSLEngine engine = subject.engine(TestAuthority.HOST, 8443);
        SSLSession session = engine.getSession();

        assertThat(engine.getPeerHost()).isEqualTo(TestAuthority.HOST);
        assertThat(engine.getPeerPort()).isEqualTo(8443);
        assertThat(engine.getHandshakeSession()).isNull();
        assertThat(engine.getApplicationProtocol()).isNull();
        assertThat(engine.getHandshakeApplicationProtocol()).isNull();
        assertThat(session.getProtocol()).isEqualTo("NONE");
        assertThat(session.getCipherSuite()).isEqualTo("SSL_NULL_WITH_NULL_NULL");
        assertThat(session.getId()).isEmpty();
        assertThat(session.getLocalCertificates()).isNull();
        assertThatThrownBy(session::getPeerCertificates).isInstanceOf(SSLPeerUnverifiedException.class);
        assertThatThrownBy(session::getPeerPrincipal).isInstanceOf(SSLPeerUnverifiedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void afterTheHandshake(String protocol) throws Exception {
        Credentials credentials = TestAuthority.TRUSTED.server();
        JssePeer peer = new JssePeer(
                JssePeer.context(credentials), engine -> engine.setEnabledProtocols(new String[] {protocol}));
        long before = System.currentTimeMillis();
        EngineConnection connection = new EngineConnection(subject.engine(TestAuthority.HOST, 8443), peer);
        connection.handshake();
        long after = System.currentTimeMillis();

        SSLSession session = connection.client().getSession();

        assertThat(session.getProtocol()).isEqualTo(protocol);
        assertThat(session.getCipherSuite())
                .isEqualTo(peer.engine().getSession().getCipherSuite());
        assertThat(session.getPeerCertificates())
                .containsExactly(credentials.chain().toArray(new X509Certificate[0]));
        assertThat(session.getPeerPrincipal()).isEqualTo(credentials.leaf().getSubjectX500Principal());
        assertThat(session.getPeerHost()).isEqualTo(TestAuthority.HOST);
        assertThat(session.getPeerPort()).isEqualTo(8443);
        assertThat(session.getLocalCertificates()).isNull();
        assertThat(session.getLocalPrincipal()).isNull();
        assertThat(session.isValid()).isTrue();
        assertThat(session.getId()).isNotNull();
        assertThat(session.getCreationTime()).isBetween(before, after);
        assertThat(session.getLastAccessedTime()).isBetween(before, System.currentTimeMillis());
        assertThat(connection.client().getHandshakeSession()).isNull();
        assertThat(connection.client().getSession()).isSameAs(session);
    }

    @Test
    void certificatesHandedOutAreCopies() throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking("TLSv1.3"));
        connection.handshake();
        SSLSession session = connection.client().getSession();
        X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];

        session.getPeerCertificates()[0] = TestAuthority.UNKNOWN.certificate();

        assertThat(session.getPeerCertificates()[0]).isEqualTo(leaf);
    }

    @Test
    void valuesAreKept() throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking("TLSv1.3"));
        connection.handshake();
        SSLSession session = connection.client().getSession();

        session.putValue("name", "value");

        assertThat(session.getValue("name")).isEqualTo("value");
        assertThat(session.getValueNames()).contains("name");
        session.removeValue("name");
        assertThat(session.getValue("name")).isNull();
        assertThatThrownBy(() -> session.putValue(null, "x")).isInstanceOf(IllegalArgumentException.class);
        session.invalidate();
        assertThat(session.isValid()).isFalse();
    }

    /** The JDK's trust manager checks the host name by what it reads here. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void handshakeSessionIsThereForTheTrustManager(String protocol) throws Exception {
        RecordingTrust trust = new RecordingTrust();
        SSLEngine client = EngineUnderTest.engine(subject.context(trust, null), TestAuthority.HOST, 443);
        EngineConnection connection = new EngineConnection(client, JssePeer.speaking(protocol));

        connection.handshake();

        assertThat(trust.engine()).isSameAs(client);
        assertThat(trust.chain()).hasSize(1);
        assertThat(trust.authType()).isNotEmpty();
        ExtendedSSLSession session = trust.session();
        assertThat(session.getPeerHost()).isEqualTo(TestAuthority.HOST);
        assertThat(session.getProtocol()).isEqualTo(protocol);
        assertThat(session.getCipherSuite())
                .isEqualTo(client.getSession().getCipherSuite())
                .isNotEqualTo("SSL_NULL_WITH_NULL_NULL");
        assertThat(session.getLocalSupportedSignatureAlgorithms())
                .contains("SHA256withECDSA")
                .doesNotContain("MD5withRSA");
        assertThat(session.getRequestedServerNames()).containsExactly(new SNIHostName(TestAuthority.HOST));
    }

    @Test
    void serverNameIsSentForNamesAndNotForAddresses() throws Exception {
        JssePeer named = JssePeer.speaking("TLSv1.3");
        new EngineConnection(subject.engine(), named).handshake();
        assertThat(((ExtendedSSLSession) named.engine().getSession()).getRequestedServerNames())
                .containsExactly(new SNIHostName(TestAuthority.HOST));

        for (String address : List.of("127.0.0.1", "::1")) {
            JssePeer addressed = JssePeer.with(TestAuthority.TRUSTED.issue(
                    TestAuthority.request(TestAuthority.ecKeys()).ip(address)));
            new EngineConnection(subject.engine(address, 443), addressed).handshake();
            assertThat(((ExtendedSSLSession) addressed.engine().getSession()).getRequestedServerNames())
                    .as(address)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void applicationProtocolIsWhatTheServerChose(String protocol) throws Exception {
        for (String choice : List.of("h2", "http/1.1")) {
            JssePeer peer = JssePeer.speaking(protocol);
            setProtocols(peer.engine(), choice);
            SSLEngine client = subject.engine();
            setProtocols(client, "h2", "http/1.1");
            EngineConnection connection = new EngineConnection(client, peer);

            connection.handshake();

            assertThat(client.getApplicationProtocol()).isEqualTo(choice);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void noApplicationProtocolIsTheEmptyString(String protocol) throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking(protocol));

        connection.handshake();

        assertThat(connection.client().getApplicationProtocol()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void clientCertificateIsShownWhereAskedFor(String protocol) throws Exception {
        Credentials mine = TestAuthority.TRUSTED.issue(
                new CertificateRequest("client", TestAuthority.ecKeys()).purpose(KeyPurposeId.id_kp_clientAuth));
        SSLEngine client = EngineUnderTest.engine(
                subject.context(TestAuthority.TRUSTED.trustManager(), new SingleKey(mine)), TestAuthority.HOST, 443);
        JssePeer peer = mutual(protocol);
        EngineConnection connection = new EngineConnection(client, peer);

        connection.handshake();

        assertThat(peer.engine().getSession().getPeerCertificates()).containsExactly(mine.leaf());
        assertThat(client.getSession().getLocalCertificates()).containsExactly(mine.leaf());
        assertThat(client.getSession().getLocalPrincipal())
                .isEqualTo(mine.leaf().getSubjectX500Principal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void serverThatInsistsOnACertificateRefuses(String protocol) throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), mutual(protocol));
        connection.client().beginHandshake();

        assertThatThrownBy(connection::pump).isInstanceOf(SSLException.class);

        connection.flush();
        assertThat(connection.client().isOutboundDone()).isTrue();
    }

    private static JssePeer mutual(String protocol) throws GeneralSecurityException {
        return new JssePeer(TestAuthority.TRUSTED.server().jsseServer(TestAuthority.TRUSTED.trustManager()), engine -> {
            engine.setEnabledProtocols(new String[] {protocol});
            engine.setNeedClientAuth(true);
        });
    }

    private static void setProtocols(SSLEngine engine, String... protocols) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
    }
}
