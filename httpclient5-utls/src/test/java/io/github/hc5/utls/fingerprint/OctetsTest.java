package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OctetsTest {

    @Test
    void keepsItsOwnCopy() {
        byte[] bytes = {1, 2};
        Octets octets = Octets.of(bytes);
        bytes[0] = 9;
        octets.toByteArray()[1] = 9;

        assertThat(octets.toHex()).isEqualTo("0102");
    }

    @Test
    void isEqualByContent() {
        assertThat(Octets.ofHex("00fF"))
                .isEqualTo(Octets.of((byte) 0, (byte) -1))
                .hasToString("00ff");
        assertThat(Octets.ofHex("00ff")).hasSameHashCodeAs(Octets.of((byte) 0, (byte) -1));
        assertThat(Octets.ofHex("00")).isNotEqualTo(Octets.ofHex("0000"));
        assertThat(Octets.of()).isEqualTo(Octets.empty());
        assertThat(Octets.empty().length()).isZero();
    }

    @Test
    void refusesWhatIsNotHexadecimal() {
        assertThatIllegalArgumentException().isThrownBy(() -> Octets.ofHex("0"));
        assertThatIllegalArgumentException().isThrownBy(() -> Octets.ofHex("0g"));
    }
}
