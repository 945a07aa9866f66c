package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodePointsTest {

    @ParameterizedTest
    @EnumSource
    void namesAndValuesAreUnique(CodePoints registry) {
        Set<Integer> values = new HashSet<>();
        for (String name : registry.names()) {
            int value = registry.find(name).orElseThrow();
            assertThat(values.add(value)).as("%s of %s", value, registry).isTrue();
            assertThat(value).isBetween(0, 0xFFFF);
            assertThat(registry.nameOf(value)).isEqualTo(name);
        }
        assertThat(values).isNotEmpty();
    }

    @Test
    void knowsWhatTheRegistriesSay() {
        assertThat(CodePoints.CIPHER_SUITE.find("TLS_AES_128_GCM_SHA256")).hasValue(0x1301);
        assertThat(CodePoints.NAMED_GROUP.find("X25519MLKEM768")).hasValue(4588);
        assertThat(CodePoints.SIGNATURE_SCHEME.nameOf(0x0403)).isEqualTo("ecdsa_secp256r1_sha256");
        assertThat(CodePoints.EXTENSION.nameOf(0xCA34)).isEqualTo("trust_anchors");
        assertThat(CodePoints.HTTP2_SETTING.nameOf(4)).isEqualTo("INITIAL_WINDOW_SIZE");
    }

    @Test
    void namesGreaseAndTheUnknown() {
        assertThat(CodePoints.CIPHER_SUITE.nameOf(0x3A3A)).isEqualTo("GREASE");
        assertThat(CodePoints.CIPHER_SUITE.nameOf(0x0FED)).isEqualTo("0x0fed");
        assertThat(CodePoints.CIPHER_SUITE.find("GREASE")).isEmpty();
        assertThat(CodePoints.CIPHER_SUITE.find("tls_aes_128_gcm_sha256")).isEmpty();
    }
}
