package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.address.RotationPolicy;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which limit is whose. */
class HostLimitsTest {

    private static HostPattern pattern(String text) {
        return new HostPattern(text);
    }

    @ParameterizedTest
    @CsvSource({
        "*, www.example.com, true",
        "*.example.com, www.example.com, true",
        "*.example.com, A.B.EXAMPLE.com, true",
        "*.example.com, example.com, false",
        "*.example.com, notexample.com, false",
        "example.com, Example.COM, true",
        "example.com, www.example.com, false",
        "127.0.0.1, 127.0.0.1, true"
    })
    void aPatternCovers(String pattern, String host, boolean covers) {
        assertThat(pattern(pattern).covers(host)).isEqualTo(covers);
        boolean found = HostLimits.of(Map.of(
                                pattern(pattern),
                                HostLimit.builder().connections(3).build()))
                        .of(host)
                        .connections()
                != null;
        assertThat(found).isEqualTo(covers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*.", "*x.example.com", "a.*.com", "**", ".example.com", "*..com", "two words"})
    void whatIsNoPatternIsRefused(String text) {
        assertThatThrownBy(() -> pattern(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("must be *, *.example.com or the name of one host");
    }

    @Test
    void theMostSpecificThatSaysAnythingWinsValueByValue() {
        HostLimits limits = HostLimits.of(Map.of(
                pattern("*"), HostLimit.builder().rate(1).retries(1).build(),
                pattern("*.example.com"),
                        HostLimit.builder()
                                .connections(5)
                                .rate(2)
                                .rotation(RotationPolicy.RANDOM)
                                .build(),
                pattern("*.api.example.com"),
                        HostLimit.builder().profile("firefox").build(),
                pattern("v1.api.example.com"),
                        HostLimit.builder().connections(7).burst(4).build()));

        assertThat(limits.of("V1.api.example.com"))
                .isEqualTo(new HostLimit(7, null, 2.0, 4, 1, "firefox", RotationPolicy.RANDOM));
        assertThat(limits.of("v2.api.example.com"))
                .isEqualTo(new HostLimit(5, null, 2.0, null, 1, "firefox", RotationPolicy.RANDOM));
        assertThat(limits.of("example.com")).isEqualTo(new HostLimit(null, null, 1.0, null, 1, null, null));
        assertThat(HostLimits.NONE.of("example.com")).isEqualTo(HostLimit.NONE);
    }

    @Test
    void lookingUpAgreesWithTheOrderOfPatterns() {
        Random random = new Random(7);
        List<String> labels = List.of("a", "b", "c", "a.b", "b.c", "c.a");
        for (int round = 0; round < 500; round++) {
            Map<HostPattern, HostLimit> map = new java.util.HashMap<>();
            for (int i = 0; i < 6; i++) {
                String text = labels.get(random.nextInt(labels.size())) + ".test";
                HostPattern pattern = pattern(random.nextBoolean() ? "*." + text : text);
                map.put(pattern, HostLimit.builder().connections(i + 1).build());
            }
            String host = labels.get(random.nextInt(6)) + "." + labels.get(random.nextInt(6)) + ".test";
            Integer expected = map.entrySet().stream()
                    .filter(e -> e.getKey().covers(host))
                    .min(Map.Entry.comparingByKey())
                    .map(e -> e.getValue().connections())
                    .orElse(null);

            assertThat(HostLimits.of(map).of(host).connections()).as(host).isEqualTo(expected);
        }
    }

    @Test
    void aHostBelongsToTheReserveOfTheMostSpecificPatternThatNamesOne() {
        HostLimits limits = HostLimits.of(Map.of(
                pattern("*.example.com"), HostLimit.builder().reserve(4).build(),
                pattern("*.b.example.com"), HostLimit.builder().connections(1).build(),
                pattern("open.example.com"), HostLimit.builder().reserve(0).build()));

        assertThat(limits.reserves()).isEqualTo(Map.of(pattern("*.example.com"), 4));
        assertThat(limits.reserveOf("x.b.example.com")).isEqualTo(pattern("*.example.com"));
        assertThat(limits.reserveOf("open.example.com")).isNull();
        assertThat(limits.reserveOf("other.test")).isNull();
    }

    @Test
    void reservesMustFitTheTotal() {
        HostLimits limits = HostLimits.of(Map.of(
                pattern("a.test"), HostLimit.builder().reserve(4).build(),
                pattern("b.test"), HostLimit.builder().reserve(3).build()));

        limits.checkWithin(7);
        assertThatThrownBy(() -> limits.checkWithin(6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the reserves of the host limits add up to 7, must be at most maxTotal (6)");
    }

    @Test
    void valuesOutsideTheirRangesAreRefused() {
        assertThatThrownBy(() -> HostLimit.builder().connections(0).build())
                .hasMessage("connections is 0, must be 1 or more");
        assertThatThrownBy(() -> HostLimit.builder().reserve(-1).build())
                .hasMessage("reserve is -1, must be 0 or more");
        assertThatThrownBy(() -> HostLimit.builder().rate(-0.5).build())
                .hasMessage("rate is -0.5, must be from 0 to 1000000");
        assertThatThrownBy(() -> HostLimit.builder().profile(" ").build())
                .hasMessage("profile is ' ', must be the name of a profile");
    }
}
