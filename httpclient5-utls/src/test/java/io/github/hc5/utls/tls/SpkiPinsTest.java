package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpkiPinsTest {

    private static final String UNKNOWN = "sha256/" + Base64.getEncoder().encodeToString(new byte[32]);

    @Test
    void oneCertificateOfTheChainSuffices() throws Exception {
        X509Certificate certificate = new TestPki().ca();
        SpkiPins pins = SpkiPins.none().with("host.test", UNKNOWN, SpkiPins.pinOf(certificate));
        assertThatCode(() -> pins.check("HOST.test", List.of(new TestPki().ca(), certificate)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> pins.check("host.test", List.of(new TestPki().ca())))
                .isInstanceOf(SSLPeerUnverifiedException.class)
                .hasMessageContaining("host.test");
    }

    @Test
    void aWildcardCoversDirectSubdomains() throws Exception {
        List<X509Certificate> chain = List.of(new TestPki().ca());
        SpkiPins pins = SpkiPins.none().with("*.host.test", UNKNOWN);
        assertThatThrownBy(() -> pins.check("a.host.test", chain)).isInstanceOf(SSLPeerUnverifiedException.class);
        assertThatCode(() -> pins.check("host.test", chain)).doesNotThrowAnyException();
        assertThatCode(() -> pins.check("a.b.host.test", chain)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha1/AAAA",
                "sha256/AAAA",
                "sha256/not base64!",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void refusesWhatIsNoPin(String pin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpkiPins.none().with("host.test", pin))
                .withMessageContaining("'" + pin + "'");
    }

    @Test
    void aPinIsTheHashOfTheKey() throws Exception {
        assertThat(SpkiPins.pinOf(new TestPki().ca())).matches("sha256/[A-Za-z0-9+/]{43}=");
    }
}
