package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {

    private static final List<String> KNOWN =
            List.of("chrome-131", "chrome-156", "firefox-144", "firefox-153", "safari-26.0-ios");

    @Test
    void findsTheMistyped() {
        assertThat(NearestNames.to("chrme-156", KNOWN).get(0)).isEqualTo("chrome-156");
        assertThat(NearestNames.to("Firefox-135", KNOWN)).startsWith("firefox-153");
        assertThat(NearestNames.to("safari26.0ios", KNOWN)).containsExactly("safari-26.0-ios");
    }

    @Test
    void findsTheNewestOfWhatIsNamedInPart() {
        assertThat(NearestNames.to("chrome", KNOWN)).containsExactly("chrome-156", "chrome-131");
        assertThat(NearestNames.to("153", KNOWN)).containsExactly("firefox-153");
    }

    @Test
    void findsTheMistypedFamilyWithoutAVersion() {
        assertThat(NearestNames.to("chrme", KNOWN)).containsExactly("chrome-156", "chrome-131");
        assertThat(NearestNames.to("firefos", KNOWN)).containsExactly("firefox-153", "firefox-144");
    }

    @Test
    void findsNothingForTheForeign() {
        assertThat(NearestNames.to("netscape", KNOWN)).isEmpty();
        assertThat(NearestNames.to("", KNOWN)).isEmpty();
        assertThat(NearestNames.to("x".repeat(10_000), KNOWN)).isEmpty();
    }
}
