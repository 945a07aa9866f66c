package io.github.hc5.utls.samples.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredExampleTest {

    @TempDir
    Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(ConfigLoader.FILE_PROPERTY);
    }

    /** The file of the README, with the mirror's authority for trust. */
    private Path readmeFile(Path authority) throws Exception {
        String block = Pattern.compile("(?s)```toml\n(preset.*?)```")
                .matcher(Files.readString(Path.of("..", "README.md")))
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
        return Files.writeString(folder.resolve("utls.toml"), block + "\n[tls]\ntrust_store = \"" + authority + "\"\n");
    }

    @Test
    void showsTheBrowserOfTheFile() throws Exception {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            Path authority = folder.resolve("ca.pem");
            server.writeCa(authority);
            System.setProperty(ConfigLoader.FILE_PROPERTY, readmeFile(authority).toString());

            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ConfiguredExample.fetch(server.url(), new PrintStream(out, true, StandardCharsets.UTF_8));

            assertThat(out.toString(StandardCharsets.UTF_8))
                    .startsWith("HTTP/2.0 200")
                    .contains("t13d1617h2_86a278354501_3cbfd9057e0d");
        }
    }
}
