package io.github.hc5.utls.samples.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HpackHuffmanTest {

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "f1e3c2e5f23a6ba0ab90f4ff | www.example.com",
                "a8eb10649cbf | no-cache",
                "25a849e95ba97d7f | custom-key",
                "d07abe941054d444a8200595040b8166e082a62d1bff | Mon, 21 Oct 2013 20:13:21 GMT",
                "9d29ad171863c78f0b97c8e9ae82ae43d3 | https://www.example.com"
            })
    void decodesTheExamplesOfRfc7541(String encoded, String text) throws Exception {
        assertThat(new String(HpackHuffman.decode(hex(encoded)), ISO_8859_1)).isEqualTo(text);
    }

    @Test
    void decodesNothingToNothing() throws Exception {
        assertThat(HpackHuffman.decode(new byte[0])).isEmpty();
    }

    @Test
    void refusesEndOfString() {
        assertThatThrownBy(() -> HpackHuffman.decode(hex("ffffffff")))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("end-of-string");
    }

    @Test
    void refusesPaddingOfEightBits() {
        // '0' is 00000, then eleven bits of padding
        assertThatThrownBy(() -> HpackHuffman.decode(hex("07ff")))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("padding");
    }

    @Test
    void refusesPaddingWithZeros() {
        // '0' is 00000, then 110
        assertThatThrownBy(() -> HpackHuffman.decode(hex("06")))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("padding");
    }
}
