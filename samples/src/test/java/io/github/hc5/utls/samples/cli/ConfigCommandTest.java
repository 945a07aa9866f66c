package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code utls config} checks files and shows what is in force. */
class ConfigCommandTest {

    @TempDir
    Path folder;

    private Path file(String toml) throws IOException {
        return Files.writeString(folder.resolve("own.toml"), toml);
    }

    @Test
    void aFileThatIsRightIsOk() throws IOException {
        Path file = file("[pool]\nmax_conns_per_host = 60");

        Outcome outcome = Outcome.of("config", "--check", file.toString());

        assertThat(outcome.status()).isZero();
        assertThat(outcome.outLines()).containsExactly(file + ": ok");
        assertThat(outcome.errLines())
                .containsExactly("warning: " + file + ":2:1: pool.max_conns_per_host: is 60, usual is from 5 to 50");
    }

    @Test
    void everyMistakeIsALine() throws IOException {
        Path file = file("[pool]\nmax_connections = 0\nmultiplexing = 1");

        Outcome outcome = Outcome.of("config", "--check", file.toString());

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.errLines())
                .containsExactly(
                        file + ":2:1: pool.max_connections: is 0, must be an integer from 1 to 1000000",
                        file + ":3:1: pool.multiplexing: is 1, must be true or false");
    }

    @Test
    void aMissingFileIsSaid() {
        Outcome outcome =
                Outcome.of("config", "--check", folder.resolve("none.toml").toString());

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errLines())
                .containsExactly(folder.resolve("none.toml") + ":1:1: does not exist, must be a file in TOML");
    }

    @Test
    void whatIsInForceIsShownWithItsOriginAndWithoutSecrets() throws IOException {
        Path file = file("[pool]\nmax_connections = 70\n[cluster]\npassword = \"Geheim42\"");

        Outcome outcome = Outcome.of("config", "--show", "--config", file.toString());

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .containsPattern("(?m)^pool.max_connections = 70 +# " + file + ":2:1$")
                .containsPattern("(?m)^pool.max_conns_per_host = 10 +# default$")
                .containsPattern("(?m)^cluster.password = \"\\*\\*\\*\" +# " + file + ":4:1$")
                .doesNotContain("Geheim42");
        assertThat(Outcome.of("config", "--show", "--json", "--config", file.toString())
                        .outLines())
                .contains("{\"key\":\"pool.max_connections\",\"value\":\"70\",\"origin\":\"" + file + ":2:1\"}");
    }

    @Test
    void theReferenceIsPrinted() {
        assertThat(Outcome.of("config", "--reference", "toml").out()).contains("\n#max_connections = 100\n");
        assertThat(Outcome.of("config", "--reference", "markdown").out()).startsWith("# Configuration\n");
        assertThat(Outcome.of("config", "--reference", "html").status()).isEqualTo(2);
    }

    @Test
    void withoutATaskItSaysWhichThereAre() {
        Outcome outcome = Outcome.of("config");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("--check", "--show");
    }
}
