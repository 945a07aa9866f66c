package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.AcceptLanguages.Family;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AcceptLanguagesTest {

    /** RFC 9110 sections 12.4.2 and 12.5.4, RFC 4647 section 2.1. */
    private static final Pattern RANGE =
            Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*(;q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?))?");

    @ParameterizedTest
    @EnumSource(Family.class)
    void drawsAreDistinctAndValid(Family family) {
        for (long seed = 0; seed < 5; seed++) {
            AcceptLanguages languages = AcceptLanguages.seeded(family, seed);
            Set<String> distinct = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                String value = languages.get();
                distinct.add(value);
                requireValid(value);
            }
            assertThat(distinct).hasSizeGreaterThanOrEqualTo(978);
        }
    }

    private static void requireValid(String value) {
        List<String> ranges = Arrays.asList(value.split(",", -1));
        assertThat(ranges).allMatch(range -> RANGE.matcher(range).matches());
        List<String> tags =
                ranges.stream().map(range -> range.split(";", -1)[0]).toList();
        assertThat(tags).as(value).doesNotHaveDuplicates();
        List<Double> qualities = ranges.stream()
                .map(range -> range.contains("q=") ? Double.parseDouble(range.substring(range.indexOf("q=") + 2)) : 1.0)
                .toList();
        for (int i = 1; i < qualities.size(); i++) {
            assertThat(qualities.get(i)).as(value).isPositive().isLessThanOrEqualTo(qualities.get(i - 1));
        }
    }

    @Test
    void eachFamilyHasItsSteps() {
        assertThat(qualitiesOfFour(Family.CHROMIUM)).containsExactly("0.9", "0.8", "0.7");
        assertThat(qualitiesOfFour(Family.FIREFOX_OLD)).containsExactly("0.8", "0.5", "0.3");
        assertThat(qualitiesOfFour(Family.FIREFOX)).containsExactly("0.9", "0.8", "0.7");
        assertThat(qualitiesOfFour(Family.SAFARI)).containsExactly("0.9", "0.8", "0.7");
    }

    private static List<String> qualitiesOfFour(Family family) {
        AcceptLanguages languages = AcceptLanguages.seeded(family, 3);
        String found = Stream.generate(languages)
                .filter(value -> value.split(",", -1).length == 4)
                .findFirst()
                .orElseThrow();
        return Stream.of(found.split(",", -1))
                .skip(1)
                .map(range -> range.substring(range.indexOf('=') + 1))
                .toList();
    }

    @Test
    void aSeedDrawsTheSame() {
        AcceptLanguages one = AcceptLanguages.seeded(Family.SAFARI, 9);
        AcceptLanguages other = AcceptLanguages.seeded(Family.SAFARI, 9);
        for (int i = 0; i < 100; i++) {
            assertThat(one.get()).isEqualTo(other.get());
        }
        assertThat(AcceptLanguages.of(Family.CHROMIUM).get()).isNotEmpty();
    }

    @Test
    void profilesHaveFamilies() {
        assertThat(AcceptLanguages.familyOf(BrowserProfiles.find("chrome"))).isEqualTo(Family.CHROMIUM);
        assertThat(AcceptLanguages.familyOf(BrowserProfiles.find("firefox"))).isEqualTo(Family.FIREFOX);
        assertThat(AcceptLanguages.familyOf(BrowserProfiles.find("firefox-144")))
                .isEqualTo(Family.FIREFOX_OLD);
        assertThat(AcceptLanguages.familyOf(BrowserProfiles.find("safari-ios"))).isEqualTo(Family.SAFARI);
    }

    @Test
    void aKeyAlwaysSpeaksTheSameLanguages() {
        AcceptLanguages languages = AcceptLanguages.of(AcceptLanguages.Family.CHROMIUM);
        Set<String> values = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String value = languages.of("jar-" + i);
            assertThat(AcceptLanguages.of(AcceptLanguages.Family.CHROMIUM).of("jar-" + i))
                    .isEqualTo(value);
            values.add(value);
        }
        assertThat(values).hasSizeGreaterThan(80);
    }
}
