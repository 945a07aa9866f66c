package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelloFillTest {

    private static final BrowserProfile CHROME = BrowserProfiles.find("chrome-156");

    /** A fingerprint of a profile, filled from the same profile, is that profile's again. */
    @ParameterizedTest
    @ValueSource(strings = {"chrome-156", "firefox-153", "chrome-99", "safari-15.5", "okhttp-4-android-13"})
    void fingerprintsSurviveTheWayThereAndBack(String name) {
        BrowserProfile profile = BrowserProfiles.find(name);
        String ja3 = Ja3.of(profile.hello()).toString();
        String ja4 = Ja4.of(profile.hello()).raw();
        String akamai = AkamaiFingerprint.of(profile.http2()).toString();

        Filled<ClientHelloSpec> ofJa3 = ClientHelloSpec.of(Ja3.parse(ja3), profile);
        Filled<ClientHelloSpec> ofJa4 = ClientHelloSpec.of(Ja4.parseRaw(ja4), profile);
        Filled<Http2Spec> ofAkamai = Http2Spec.of(AkamaiFingerprint.parse(akamai), profile);

        assertThat(Ja3.of(ofJa3.value())).hasToString(ja3);
        assertThat(Ja4.of(ofJa3.value()).raw()).isEqualTo(ja4);
        assertThat(Ja4.of(ofJa4.value()).raw()).isEqualTo(ja4);
        assertThat(Ja3.of(ofJa4.value())).hasToString(ja3);
        assertThat(ofAkamai.value()).isEqualTo(profile.http2());
        assertThat(ofJa3.base()).isEqualTo(name);
        assertThat(ofJa3.filled()).contains("record_version", "session_id_length", "extension_order");
    }

    @Test
    void reportsWhatTheBaseFills() {
        Filled<ClientHelloSpec> filled =
                ClientHelloSpec.of(Ja3.parse("771,4865-4866,0-10-11-13-43-45-51-41,29-23,0"), CHROME);

        assertThat(filled.value()
                        .extension(ExtensionSpec.KeyShares.class)
                        .orElseThrow()
                        .groups())
                .containsExactly(Grease.PLACEHOLDER, 29);
        assertThat(filled.value().cipherSuites()).containsExactly(Grease.PLACEHOLDER, 4865, 4866);
        assertThat(filled.filled())
                .contains(
                        "cipher_suites: GREASE",
                        "supported_groups: GREASE",
                        "signature_algorithms",
                        "key_share",
                        "psk_key_exchange_modes",
                        "pre_shared_key: left out, it belongs to a resumed session");
    }

    @Test
    void refillsFitTheWindows() {
        Http2Spec spec = Http2Spec.of(AkamaiFingerprint.parse("4:65536|0|0|m,p,a,s"), CHROME)
                .value();

        assertThat(spec.connectionRefill().threshold()).isEqualTo(65_535 / 2);
        assertThat(spec.streamRefill().threshold()).isEqualTo(65_536 / 2);
        assertThat(spec.pseudoHeaders()).containsExactly(":method", ":path", ":authority", ":scheme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "771,4865",
                "771,,0,29,0",
                "771,x,0,29,0",
                "771,4865,70000,29,0",
                "769,4865,0-10,29,",
                "771,4865,0-10-10,29,",
                "771,4865,0,29,",
                "771,4865,0-28,,",
                "771-770,4865,0,,"
            })
    void badJa3IsRefused(String text) {
        assertThatThrownBy(() -> ClientHelloSpec.of(Ja3.parse(text), CHROME))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*\\S.*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t13d0101h2",
                "q13d0101h2_1301_0010",
                "t13d0201h2_1301_002b",
                "t13d0102h2_130_002b",
                "t12d0103h2_1301_002b",
                "t13d0103zz_1301_002b"
            })
    void badJa4IsRefused(String text) {
        assertThatThrownBy(() -> ClientHelloSpec.of(Ja4.parseRaw(text), CHROME))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
