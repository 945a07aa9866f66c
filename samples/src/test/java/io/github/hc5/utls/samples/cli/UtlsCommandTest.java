package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UtlsCommandTest {

    @Test
    void helpListsEveryCommand() {
        Outcome help = Outcome.of("--help");
        assertThat(help.status()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .containsPattern("(?m)^  demo +\\S")
                .containsPattern("(?m)^  fetch +\\S")
                .containsPattern("(?m)^  profiles +\\S")
                .containsPattern("(?m)^  inspect +\\S")
                .containsPattern("(?m)^  mirror +\\S")
                .containsPattern("(?m)^  import +Turn")
                .containsPattern("(?m)^  compare +Compare")
                .containsPattern("(?m)^  config +Check")
                .containsPattern("(?m)^  bench +Measure");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : new String[] {"demo", "fetch", "profiles", "inspect", "mirror", "import", "bench"}) {
            Outcome help = Outcome.of(command, "--help");
            assertThat(help.status()).as(command).isZero();
            assertThat(help.out()).as(command).startsWith("Usage: utls " + command);
        }
    }

    @Test
    void anUnknownCommandIsOneLineWithASuggestion() {
        Outcome outcome = Outcome.of("ftch", "https://localhost/");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("ftch", "did you mean", "fetch");
    }

    @Test
    void noCommandIsOneLine() {
        Outcome outcome = Outcome.of();
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("Missing command", "utls --help");
    }

    @Test
    void anUnknownOptionIsOneLine() {
        Outcome outcome = Outcome.of("fetch", "--jsn", "https://localhost/");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("--jsn", "utls fetch --help");
    }

    @Test
    void debugAddsTheStackTrace() {
        Outcome outcome = Outcome.of("fetch", "--debug", "--profile", "nosuch", "https://localhost/");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).hasSizeGreaterThan(1);
        assertThat(outcome.errLines().get(0)).startsWith("utls: unknown profile");
        assertThat(outcome.err()).contains("\tat io.github.hc5.utls.samples.cli.");
    }

    @Test
    void versionIsOneLine() {
        assertThat(Outcome.of("--version").outLines())
                .singleElement()
                .asString()
                .startsWith("utls ");
    }
}
