package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;

class FailureTextTest {

    private static final URI URL = URI.create("https://host.test/path");

    @Test
    void aFailedDialNamesTheAddressesThatWereTried() {
        HttpHost host = new HttpHost("https", "host.test", 443);
        assertThat(FailureText.of(
                        URL,
                        new HttpHostConnectException(
                                "Connect to https://host.test:443 [host.test/127.0.0.1, host.test/0:0:0:0:0:0:0:1] failed:"
                                        + " Connection refused",
                                host)))
                .isEqualTo("cannot connect to host.test:443 (127.0.0.1, 0:0:0:0:0:0:0:1): Connection refused");
        assertThat(FailureText.of(
                        URL, new ConnectTimeoutException("Connect to https://host.test:443 failed: 3 SECONDS", host)))
                .isEqualTo("cannot connect to host.test:443: 3 SECONDS");
    }

    @Test
    void aDialInOtherWordsKeepsThem() {
        assertThat(FailureText.of(URL, new ConnectException("Network is unreachable")))
                .isEqualTo("cannot connect to host.test:443: Network is unreachable");
    }

    @Test
    void aNameThatDoesNotResolve() {
        assertThat(FailureText.of(URL, new UnknownHostException("host.test: Name or service not known")))
                .isEqualTo("cannot resolve the host name host.test");
    }

    @Test
    void aMessageThatNamesTheHostStandsAlone() {
        SSLHandshakeException problem =
                new SSLHandshakeException("TLS handshake with host.test:443 failed: bad record");
        problem.initCause(new IOException("detail"));
        assertThat(FailureText.of(URL, problem)).isEqualTo("TLS handshake with host.test:443 failed: bad record");
    }

    @Test
    void aMessageWithoutTheHostGetsItAndItsCauses() {
        SSLHandshakeException tls = new SSLHandshakeException("handshake failed");
        tls.initCause(new CertificateException("java.security.cert.CertificateExpiredException: NotAfter: yesterday"));
        assertThat(FailureText.of(URL, tls))
                .isEqualTo("TLS with host.test:443 failed: handshake failed: NotAfter: yesterday");
        assertThat(FailureText.of(URL, new SocketException("Connection reset")))
                .isEqualTo("host.test:443: Connection reset");
        assertThat(FailureText.of(URL, new IOException())).isEqualTo("host.test:443: IOException");
    }

    @Test
    void aConnectionThatEndedEarly() {
        assertThat(FailureText.of(URI.create("http://host.test:8080/"), new ConnectionClosedException("by peer")))
                .isEqualTo("host.test:8080 closed the connection before its answer was complete");
    }

    @Test
    void everyTextIsOneLine() {
        assertThat(FailureText.of(URL, new IOException("one\n two\r\n\tthree\u0007")))
                .isEqualTo("host.test:443: one; two; three?");
    }
}
