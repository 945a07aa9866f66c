package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.hc5.utls.fingerprint.Http2Spec.PriorityFrame;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AkamaiFingerprintTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1:65536;2:0;4:6291456;6:262144|15663105|0|m,a,s,p",
                "1:65536;4:131072;5:16384|12517377|3:0:0:201,5:0:0:101,7:0:0:1,9:0:7:1,11:0:3:1,13:0:0:241|m,p,a,s",
                "2:0;3:100;4:2097152;9:1|00|0|m,s,a,p",
                "|00|0|m,s,a,p",
                "65535:4294967295|2147483647|3:1:0:256|"
            })
    void survivesTheRoundTrip(String text) {
        assertThat(AkamaiFingerprint.parse(text)).hasToString(text);
    }

    @Test
    void readsThePartsOfOlderFirefox() {
        AkamaiFingerprint fingerprint = AkamaiFingerprint.parse("1:65536;4:131072|12517377|3:0:0:201,9:1:7:1|m,p,a,s");

        assertThat(fingerprint.settings()).containsExactly(new Setting(1, 65536), new Setting(4, 131072));
        assertThat(fingerprint.windowUpdate()).isEqualTo(12517377);
        assertThat(fingerprint.priorities())
                .containsExactly(new PriorityFrame(3, false, 0, 201), new PriorityFrame(9, true, 7, 1));
        assertThat(fingerprint.pseudoHeaders()).containsExactly("m", "p", "a", "s");
    }

    @Test
    void readsTheOtherSpellings() {
        assertThat(AkamaiFingerprint.parse(" 1:65536,2:0|0|0|m,a,s,p ")).hasToString("1:65536;2:0|00|0|m,a,s,p");
    }

    @Test
    void leavesOutGreaseSettings() {
        AkamaiFingerprint fingerprint = new AkamaiFingerprint(
                List.of(new Setting(1, 65536), new Setting(Grease.PLACEHOLDER, Setting.DRAWN), new Setting(0x3A3A, 7)),
                0,
                List.of(),
                List.of("m"));

        assertThat(fingerprint).hasToString("1:65536|00|0|m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "1:1|0|0 \"Akamai fingerprint '1:1|0|0' has 3 parts, must be SETTINGS|WINDOW_UPDATE|PRIORITY|\"",
                "1:1:1|0|0|m \"setting '1:1:1' must be id:value\"",
                "1|0|0|m \"setting '1' must be id:value\"",
                "x:1|0|0|m \"setting id is 'x', must be a number of at most 10 digits\"",
                "1:-1|0|0|m \"setting value is '-1', must be a number\"",
                "1:9999999999|0|0|m \"setting 1 is 9999999999, allowed are 0 to 4294967295\"",
                "65536:1|0|0|m \"setting id is 65536, allowed are 0 to 65535\"",
                "4:2147483648|0|0|m \"setting 4 is 2147483648, allowed are 0 to 2147483647\"",
                "1:1||0|m \"WINDOW_UPDATE is '', must be a number\"",
                "1:1|2147483648|0|m \"WINDOW_UPDATE is 2147483648, allowed are 0 to 2147483647\"",
                "1:1|0|3:0:0|m \"PRIORITY '3:0:0' must be stream:exclusive:dependency:weight\"",
                "1:1|0|3:2:0:1|m \"PRIORITY exclusive flag is 2, allowed are 0 to 1\"",
                "1:1|0|3:0:3:1|m \"PRIORITY stream 3 depends on itself\"",
                "1:1|0|3:0:0:257|m \"PRIORITY weight is 257, allowed are 1 to 256\"",
                "1:1|0|0|m,m \"pseudo-headers are [m, m], allowed are m, a, s, p, each once\"",
                "1:1|0|0|q \"pseudo-headers are [q]\""
            })
    void refuses(String text, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AkamaiFingerprint.parse(text))
                .withMessageContaining(problem);
    }
}
