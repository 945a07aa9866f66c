package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class EngineParametersTest {

    private final EngineParameters parameters = new EngineParameters(BrowserProfiles.find("chrome-156"), "host.test");

    @Test
    void tellsWhatTheProfileOffers() {
        SSLParameters shown = parameters.toSslParameters();
        assertThat(shown.getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(shown.getCipherSuites())
                .hasSize(15)
                .startsWith("TLS_AES_128_GCM_SHA256")
                .endsWith("TLS_RSA_WITH_AES_256_CBC_SHA");
        assertThat(shown.getApplicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(shown.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
        assertThat(shown.getServerNames()).containsExactly(new SNIHostName("host.test"));
    }

    @Test
    void takesBackWhatItTold() {
        parameters.apply(parameters.toSslParameters());
        assertThat(parameters.applicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(parameters.verifiesHost()).isTrue();
    }

    @Test
    void letsNamesAndVerificationChange() {
        SSLParameters wanted = parameters.toSslParameters();
        wanted.setApplicationProtocols(new String[] {"http/1.1"});
        wanted.setServerNames(List.of(new SNIHostName("front.test")));
        wanted.setEndpointIdentificationAlgorithm(null);
        parameters.apply(wanted);
        assertThat(parameters.applicationProtocols()).containsExactly("http/1.1");
        assertThat(parameters.serverName()).isEqualTo("front.test");
        assertThat(parameters.verifiesHost()).isFalse();
    }

    @Test
    void refusesWhatWouldChangeTheFingerprint() {
        SSLParameters protocols = parameters.toSslParameters();
        protocols.setProtocols(new String[] {"TLSv1.3"});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parameters.apply(protocols))
                .withMessageContaining("protocols of chrome-156 are [TLSv1.3, TLSv1.2], not [TLSv1.3]");
        SSLParameters suites = parameters.toSslParameters();
        suites.setCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parameters.apply(suites))
                .withMessageContaining("cipher suites of chrome-156");
        SSLParameters alpn = parameters.toSslParameters();
        alpn.setApplicationProtocols(new String[] {"h3"});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parameters.apply(alpn))
                .withMessageContaining("ALPN [h3]");
        SSLParameters ldaps = parameters.toSslParameters();
        ldaps.setEndpointIdentificationAlgorithm("LDAPS");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parameters.apply(ldaps))
                .withMessageContaining("'LDAPS' is not known, only HTTPS");
    }
}
