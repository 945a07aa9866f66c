package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ja4Test {

    /** The first protocol in hexadecimal, and the two characters that stand for it. */
    @ParameterizedTest
    @CsvSource({
        "6832, h2",
        "687474702f312e31, h1",
        "68, hh",
        "ab, ab",
        "abcd, ad",
        "30ab, 3b",
        "3031ab, 3b",
        "ab3130, a0",
        "303132, 02",
        "2f68, 28",
        "5a7a, Zz",
        "7b61, 71",
        "ea00, e0"
    })
    void showsTheEndsOfTheFirstProtocol(String hex, String shown) {
        String name = new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);

        assertThat(Ja4.of(fields().alpn(name, "x9").build()).prefix()).isEqualTo("t13d0102" + shown);
    }

    @Test
    void showsTheLackOfProtocolsAsZeros() {
        assertThat(Ja4.of(fields().build()).prefix()).isEqualTo("t13d010200");
        assertThat(Ja4.of(fields().alpn("").build()).prefix()).isEqualTo("t13d010200");
    }

    @ParameterizedTest
    @CsvSource({"0304, 13", "0303, 12", "0302, 11", "0301, 10", "0300, s3", "0002, s2", "0305, 00"})
    void showsTheHighestVersion(String version, String shown) {
        int highest = Integer.parseInt(version, 16);

        assertThat(Ja4.of(fields().versions(0x1A1A, highest, 0x0002).build()).prefix())
                .startsWith("t" + shown);
        assertThat(Ja4.of(fields().versions().legacy(highest).build()).prefix()).startsWith("t" + shown);
    }

    @Test
    void tellsWhetherAServerNameIsSent() {
        assertThat(Ja4.of(fields().extensions(0, 43).build()).prefix()).startsWith("t13d");
        assertThat(Ja4.of(fields().extensions(43).build()).prefix()).startsWith("t13i");
    }

    @Test
    void countsWithoutGreaseAndUpTo99() {
        int[] many = IntStream.range(100, 250).toArray();

        assertThat(Ja4.of(fields().suites(many).extensions(many).build()).prefix())
                .isEqualTo("t13i999900");
        assertThat(Ja4.of(fields().suites(0x1301, 0xFAFA)
                                .extensions(0, 0x0A0A, 43, 0xEAEA)
                                .build())
                        .prefix())
                .isEqualTo("t13d010200");
    }

    @Test
    void hashesNothingAsZeros() {
        assertThat(Ja4.of(fields().suites().extensions(0, 16).signatures().build()))
                .hasToString("t13d000200_000000000000_000000000000");
    }

    @Test
    void leavesOutTheUnderscoreWithoutSignatureAlgorithms() {
        assertThat(Ja4.of(fields().signatures().build()).raw()).isEqualTo("t13d010200_1301_002b");
        assertThat(Ja4.of(fields().signatures(0x5A5A, 0x0403).build()).raw()).isEqualTo("t13d010200_1301_002b_0403");
    }

    @Test
    void sortsSuitesAndExtensionsButNotTheSignatureAlgorithms() {
        HelloFields fields = fields().suites(0xC02F, 0x1302, 0x002F)
                .extensions(65281, 43, 0, 16, 10)
                .signatures(0x0804, 0x0403)
                .build();

        assertThat(Ja4.of(fields).raw()).isEqualTo("t13d030500_002f,1302,c02f_000a,002b,ff01_0804,0403");
    }

    private static Fields fields() {
        return new Fields();
    }

    private static final class Fields {
        private int legacy = 0x0303;
        private List<Integer> suites = List.of(0x1301);
        private List<Integer> extensions = List.of(0, 43);
        private List<Integer> signatures = List.of(0x0403);
        private List<Integer> versions = List.of(0x0304);
        private List<String> alpn = List.of();

        Fields legacy(int version) {
            legacy = version;
            return this;
        }

        Fields suites(int... values) {
            suites = IntStream.of(values).boxed().toList();
            return this;
        }

        Fields extensions(int... values) {
            extensions = IntStream.of(values).boxed().toList();
            return this;
        }

        Fields signatures(int... values) {
            signatures = IntStream.of(values).boxed().toList();
            return this;
        }

        Fields versions(int... values) {
            versions = IntStream.of(values).boxed().toList();
            return this;
        }

        Fields alpn(String... protocols) {
            alpn = List.of(protocols);
            return this;
        }

        HelloFields build() {
            return new HelloFields(legacy, suites, extensions, List.of(), List.of(), signatures, versions, alpn);
        }
    }
}
