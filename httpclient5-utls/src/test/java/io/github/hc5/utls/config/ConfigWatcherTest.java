package io.github.hc5.utls.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change of a file leads to; the looks are the test's own, so nothing waits. */
class ConfigWatcherTest {

    @TempDir
    Path folder;

    private final List<UtlsConfig> taken = new ArrayList<>();
    private Path file = Path.of("");

    @BeforeEach
    void makeFile() throws IOException {
        file = write("[pool]\nmax_connections = 50");
    }

    private Path write(String toml) throws IOException {
        return Files.writeString(folder.resolve("utls.toml"), toml);
    }

    private ConfigWatcher watcher(ConfigLoader loader) {
        return ConfigWatcher.start(loader, loader.load(), Duration.ZERO, taken::add);
    }

    private List<Integer> totals() {
        return taken.stream().map(config -> config.pool().maxTotal()).toList();
    }

    @Test
    void aChangedFileIsTakenOverOnce() throws IOException {
        try (ConfigWatcher watcher = watcher(ConfigLoader.empty().file(file))) {
            assertThat(watcher.look()).isFalse();
            write("[pool]\nmax_connections = 60");

            assertThat(watcher.look()).isTrue();
            assertThat(watcher.look()).isFalse();
        }
        assertThat(totals()).containsExactly(60);
    }

    /** A file that was touched, or written with what it had, changes nothing. */
    @Test
    void theContentCounts() throws IOException {
        try (ConfigWatcher watcher = watcher(ConfigLoader.empty().file(file))) {
            write("[pool]\nmax_connections = 50");

            assertThat(watcher.look()).isFalse();
        }
    }

    @Test
    void aWrongFileIsLeftAloneUntilItIsRight() throws IOException {
        try (ConfigWatcher watcher = watcher(ConfigLoader.empty().file(file))) {
            write("[pool]\nmax_connections = 0");
            assertThat(watcher.look()).isFalse();
            assertThat(watcher.look()).isFalse();
            write("[pool]\nmax_connections = 70");

            assertThat(watcher.look()).isTrue();
        }
        assertThat(totals()).containsExactly(70);
    }

    @Test
    void aFileThatVanishesChangesNothingWhereItIsRequired() throws IOException {
        try (ConfigWatcher watcher = watcher(ConfigLoader.empty().file(file))) {
            Files.delete(file);

            assertThat(watcher.look()).isFalse();
        }
        assertThat(taken).isEmpty();
    }

    @Test
    void anOptionalFileMayComeAndGo() throws IOException {
        try (ConfigWatcher watcher = watcher(ConfigLoader.empty().fileIfPresent(file))) {
            Files.delete(file);
            assertThat(watcher.look()).isTrue();
            write("[pool]\nmax_connections = 80");
            assertThat(watcher.look()).isTrue();
        }
        assertThat(totals()).containsExactly(100, 80);
    }

    /** What was written between the load and the first look is not missed. */
    @Test
    void aChangeDuringTheStartIsSeen() throws IOException {
        ConfigLoader loader = ConfigLoader.empty().file(file);
        UtlsConfig loaded = loader.load();
        write("[pool]\nmax_connections = 90");

        try (ConfigWatcher watcher = ConfigWatcher.start(loader, loaded, Duration.ZERO, taken::add)) {
            assertThat(watcher.look()).isTrue();
        }
        assertThat(totals()).containsExactly(90);
    }

    @Test
    void whoeverCannotTakeItOverDoesNotEndTheWatch() throws IOException {
        ConfigLoader loader = ConfigLoader.empty().file(file);
        try (ConfigWatcher watcher = ConfigWatcher.start(loader, loader.load(), Duration.ZERO, config -> {
            taken.add(config);
            throw new IllegalStateException("not now");
        })) {
            write("[pool]\nmax_connections = 60");
            assertThat(watcher.look()).isFalse();
            write("[pool]\nmax_connections = 61");
            assertThat(watcher.look()).isFalse();
        }
        assertThat(totals()).containsExactly(60, 61);
    }

    @Test
    void changesAreSaidKeyByKey() {
        UtlsConfig before = ConfigLoader.empty()
                .text("a.toml", "[pool]\nmax_connections = 50\n[cluster]\npassword = \"one\"")
                .load();
        UtlsConfig after = ConfigLoader.empty()
                .text(
                        "a.toml",
                        "[pool]\nmax_connections = 60\ndns_update_interval = 5\n[blacklist]\nips = [\"10.0.0.0/8\"]\n"
                                + "[cluster]\npassword = \"two\"")
                .load();

        assertThat(before.changesTo(after).stream().map(ConfigChange::toString))
                .containsExactly(
                        "pool.max_connections: 50 -> 60 (a.toml:2:1)",
                        "pool.dns_update_interval: 1800 -> 5 (a.toml:3:1), after a restart",
                        "blacklist.ips: [] -> [\"10.0.0.0/8\"] (a.toml:5:1)",
                        "cluster.password: \"***\" -> \"***\" (a.toml:7:1), after a restart");
    }
}
