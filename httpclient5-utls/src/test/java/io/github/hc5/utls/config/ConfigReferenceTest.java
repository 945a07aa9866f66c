package io.github.hc5.utls.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is written down of the keys is what the code has. {@code -Dutls.write-reference=true} writes the files anew. */
class ConfigReferenceTest {

    private static final Path ROOT = Path.of("..");

    private static void compare(Path file, String expected) throws IOException {
        if (Boolean.getBoolean("utls.write-reference")) {
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file)).as("%s is out of date", file).isEqualTo(expected);
    }

    @Test
    void theReferenceFileIsThatOfTheCode() throws IOException {
        compare(ROOT.resolve("config/utls.toml"), ConfigReference.toml());
    }

    @Test
    void thePageIsThatOfTheCode() throws IOException {
        compare(ROOT.resolve("docs/configuration.md"), ConfigReference.markdown());
    }

    @Test
    void theReferenceFileChangesNothing() {
        UtlsConfig config =
                ConfigLoader.empty().file(ROOT.resolve("config/utls.toml")).load();

        assertThat(config.values()).isEqualTo(ConfigLoader.empty().load().values());
    }

    /** With every key that has a default set to it, nothing differs from the defaults: so the defaults can be read back. */
    @Test
    void everyDefaultOfTheReferenceFileIsTheOneInForce() throws IOException {
        StringBuilder uncommented = new StringBuilder();
        int keys = 0;
        for (String line : Files.readAllLines(ROOT.resolve("config/utls.toml"))) {
            boolean isKey = line.matches("#[a-z0-9_]+ = .*");
            if (isKey && uncommented.toString().endsWith("; no default;\n")) {
                continue;
            }
            uncommented.append(isKey ? line.substring(1) : line.replaceFirst("(; no default;).*", "$1"));
            uncommented.append('\n');
            keys += isKey ? 1 : 0;
        }

        UtlsConfig config =
                ConfigLoader.empty().text("utls.toml", uncommented.toString()).load();

        assertThat(ConfigLoader.empty().load().changesTo(config)).isEmpty();
        assertThat(config.pool()).isEqualTo(UtlsConfig.defaults().pool());
        assertThat(config.bans()).isEqualTo(UtlsConfig.defaults().bans());
        assertThat(config.retry()).isEqualTo(UtlsConfig.defaults().retry());
        assertThat(config.timeouts()).isEqualTo(UtlsConfig.defaults().timeouts());
        assertThat(keys).isEqualTo((int) ConfigKeys.all().stream()
                .filter(key -> key.defaultText() != null)
                .count());
    }

    @Test
    void everyExampleIsAllowed() {
        for (ConfigKey<?> key : ConfigKeys.all()) {
            if (key.kind() == ConfigKind.FILE) {
                continue;
            }
            Problems problems = new Problems();
            Settings settings = new Settings();
            String name = key.name().replaceAll("<[a-z]+>", "\"x\"");
            settings.add(
                    new TomlSource("example", null, true, () -> name + " = " + key.example()).read(problems), problems);

            problems.throwIfAny();
            assertThat(settings.all().keySet())
                    .as(key.name())
                    .extracting(slot -> (Object) slot.key())
                    .containsExactly(key);
        }
    }
}
