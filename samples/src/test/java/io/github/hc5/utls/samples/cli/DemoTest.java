package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoTest {

    @Test
    void theServerSeesTheRealBrowsersFingerprints() {
        Outcome outcome = Outcome.of("demo");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.status()).isZero();
        for (RealBrowser real : RealBrowser.all()) {
            assertThat(outcome.out())
                    .containsPattern("(?m)^" + real.profile() + "  \\(TLSv1.3, ")
                    .containsPattern("(?m)^  JA3N +" + real.ja3nHash() + " +" + real.ja3nHash() + " +equal$")
                    .containsPattern("(?m)^  JA4 +" + real.ja4() + " +" + real.ja4() + " +equal$")
                    .containsPattern("(?m)^  Akamai +\\Q" + real.akamai() + "\\E +\\Q" + real.akamai() + "\\E +equal$");
        }
        assertThat(outcome.out())
                .doesNotContain("DIFFERENT")
                .containsPattern("(?m)^  cold  10 requests, 1 in flight, 10 connections  p50 ")
                .containsPattern("(?m)^  hot   200 requests, 16 in flight, 1 connection  p50 ");
    }

    @Test
    void aVerdictIsOfWhatWasSeen() {
        assertThat(Verdict.of("a", "a")).isEqualTo(Verdict.EQUAL);
        assertThat(Verdict.of("a", "b")).isEqualTo(Verdict.DIFFERENT);
        assertThat(Verdict.of("a", "a", "stock")).isEqualTo(Verdict.EQUAL);
        assertThat(Verdict.of("stock", "a", "stock")).isEqualTo(Verdict.NOT_SHAPED);
        assertThat(Verdict.of("b", "a", "stock")).isEqualTo(Verdict.DIFFERENT);
        assertThat(Verdict.of("a", "a", "a")).isEqualTo(Verdict.EQUAL);
    }
}
