package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server is only talked to if its certificate proves that it is the one meant. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class CertificateTest {

    private static final String MISDEEDS = "io.github.hc5.utls.it.hostile.CertificateMisdeed#";

    private final EngineUnderTest subject;

    CertificateTest(EngineUnderTest subject) {
        this.subject = subject;
    }

    @ParameterizedTest
    @MethodSource(MISDEEDS + "all")
    void refusedInTls13(CertificateMisdeed misdeed) throws Exception {
        refuse(misdeed, ProtocolVersion.TLSv13);
    }

    @ParameterizedTest
    @MethodSource(MISDEEDS + "all")
    void refusedInTls12(CertificateMisdeed misdeed) throws Exception {
        refuse(misdeed, ProtocolVersion.TLSv12);
    }

    @ParameterizedTest
    @MethodSource(MISDEEDS + "wrongNames")
    void wrongNameIsRefused(CertificateMisdeed misdeed) throws Exception {
        refuse(misdeed, ProtocolVersion.TLSv13);
    }

    @ParameterizedTest
    @MethodSource(MISDEEDS + "rightNames")
    void rightNameIsAccepted(CertificateMisdeed right) throws Exception {
        EngineConnection connection = new EngineConnection(
                subject.engine(right.host(), 8443),
                new RogueServer(right.credentials().get(), ProtocolVersion.TLSv13, Tampering.NONE));

        connection.handshake();

        assertThat(connection.client().getSession().getPeerHost()).isEqualTo(right.host());
    }

    /** A plain trust manager cannot see the host: then the engine must look itself. */
    @ParameterizedTest
    @MethodSource(MISDEEDS + "wrongNames")
    void wrongNameIsRefusedBesideATrustManagerThatTrustsAll(CertificateMisdeed misdeed) throws Exception {
        refuse(misdeed, subject.context(new TrustsAll(), null));
    }

    /** Whatever an engine remembers of a chain, it must not serve another host, nor another key. */
    @Test
    void chainAcceptedOnceIsNoPassport() throws Exception {
        SSLContext context = subject.context(TestAuthority.TRUSTED.trustManager(), null);
        Credentials credentials = TestAuthority.TRUSTED.server();
        for (int i = 0; i < 2; i++) {
            new EngineConnection(
                            EngineUnderTest.engine(context, TestAuthority.HOST, 8443),
                            new RogueServer(credentials, ProtocolVersion.TLSv13, Tampering.NONE))
                    .handshake();
        }
        Credentials stolen = credentials.withKey(TestAuthority.ecKeys().getPrivate());

        refuse(new CertificateMisdeed("for another host", "other.test", () -> credentials, ""), context);
        refuse(new CertificateMisdeed("without its key", TestAuthority.HOST, () -> stolen, ""), context);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trustManagerThatBreaksIsARefusal(boolean checked) throws Exception {
        X509TrustManager broken = new TrustsAll() {
            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                if (checked) {
                    throw new CertificateException("not today");
                }
                throw new IllegalStateException("not today");
            }
        };
        SSLEngine client = EngineUnderTest.engine(subject.context(broken, null), TestAuthority.HOST, 8443);
        EngineConnection connection = new EngineConnection(client, RogueServer.tls13(Tampering.NONE));

        Throwable refused = catchThrowable(connection::handshake);

        assertThat(refused).hasStackTraceContaining("not today");
        if (checked || subject.namesPeer()) {
            assertThat(refused).isInstanceOf(SSLException.class);
            connection.flush();
            assertThat(client.isOutboundDone()).isTrue();
            assertThat(client.isInboundDone()).isTrue();
        }
    }

    private void refuse(CertificateMisdeed misdeed, SSLContext context) throws SSLException {
        refuse(misdeed, ProtocolVersion.TLSv13, context);
    }

    private void refuse(CertificateMisdeed misdeed, ProtocolVersion version) throws SSLException {
        refuse(misdeed, version, subject.context(TestAuthority.TRUSTED.trustManager(), null));
    }

    private void refuse(CertificateMisdeed misdeed, ProtocolVersion version, SSLContext context) throws SSLException {
        assumeFalse(subject.isKnownToFail(misdeed.name()), "a known defect of this engine");
        RogueServer server = new RogueServer(misdeed.credentials().get(), version, Tampering.NONE);
        EngineConnection connection =
                new EngineConnection(EngineUnderTest.engine(context, misdeed.host(), 8443), server);

        Throwable refused = catchThrowable(connection::handshake);

        assertThat(refused)
                .as(misdeed.toString())
                .isInstanceOfAny(SSLHandshakeException.class, SSLPeerUnverifiedException.class);
        connection.flush();
        assertThat(connection.client().isOutboundDone()).isTrue();
        assertThat(connection.client().isInboundDone()).isTrue();
        assertThat(server.alerts())
                .as("%s: the alert that tells the server why", misdeed)
                .hasSize(1)
                .doesNotContain(AlertDescription.internal_error, AlertDescription.close_notify);
        if (subject.namesPeer()) {
            assertThat(refused).hasMessageContaining(misdeed.host());
            Pattern cause = Pattern.compile(misdeed.cause(), Pattern.CASE_INSENSITIVE);
            assertThat(refused.getMessage()).as(misdeed.toString()).containsPattern(cause);
        }
    }

    private static class TrustsAll implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
