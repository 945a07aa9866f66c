package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileCatalogueTest {

    @TempDir
    Path folder;

    @Test
    void aFoldersProfilesExtendTheLibrarysAndOneAnother() throws IOException {
        write(
                "mine-1",
                "extends = 'firefox-153'\nname = 'mine-1'\nsource = 'a test'\n[hello]\nsession_id_length = 0\n");
        write("mine-2", "extends = 'mine-1'\nname = 'mine-2'\nsource = 'a test'\ndate = 2026-01-31\n");
        Files.writeString(folder.resolve("notes.txt"), "no profile");

        ProfileCatalogue catalogue = ProfileCatalogue.builtIn().withFolder(folder);

        Set<String> names = new HashSet<>(BrowserProfiles.names());
        names.addAll(List.of("mine-1", "mine-2"));
        assertThat(catalogue.names()).containsExactlyInAnyOrderElementsOf(names).isSorted();
        assertThat(catalogue.find("mine-2").hello().sessionIdLength()).isZero();
        assertThat(catalogue.find("mine-2").date()).isEqualTo("2026-01-31");
        assertThat(catalogue.find("mine-1").date()).as("no inherited date").isNull();
        assertThat(catalogue.find("chrome")).isSameAs(BrowserProfiles.find("chrome"));
        assertThat(BrowserProfiles.names()).doesNotContain("mine-1");
        assertThatExceptionOfType(UnknownProfileException.class)
                .isThrownBy(() -> catalogue.find("mine-3"))
                .satisfies(e -> assertThat(e.suggestions()).contains("mine-1", "mine-2"));
    }

    @Test
    void tellsEverythingThatIsWrongInAFolder() throws IOException {
        Path first =
                write("one", "extends = 'firefox-153'\nname = 'one'\nsource = 'x'\n[hello]\nsession_id_length = 7\n");
        Path second = write("two", "extends = 'firefox-153'\nname = 'zwei'\nsource = 'x'\n");
        Path third = write("chrome-156", "extends = 'firefox-153'\nname = 'chrome-156'\nsource = 'x'\n");
        Path fourth = write("edge", "extends = 'firefox-153'\nname = 'edge'\nsource = 'x'\n");
        Path fifth = folder.resolve("latin.toml");
        Files.write(fifth, new byte[] {'#', (byte) 0xE9});

        assertThatThrownBy(() -> ProfileCatalogue.builtIn().withFolder(folder))
                .isInstanceOfSatisfying(
                        ProfileFormatException.class,
                        e -> assertThat(e.problems())
                                .containsExactlyInAnyOrder(
                                        first + ":4:1: hello: session id length is 7, allowed are 0 and 32",
                                        second + ":1:1: name: is 'zwei', must be 'two' as the file is called",
                                        third + ":1:1: the catalogue has a profile called chrome-156 already",
                                        fourth + ":1:1: the catalogue has a profile called edge already",
                                        fifth + ":1:1: the file is not in UTF-8"));
    }

    @Test
    void aMissingFolderIsAnError() {
        assertThatThrownBy(() -> ProfileCatalogue.builtIn().withFolder(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void readsTheClassPath() throws IOException {
        Path place = Files.createDirectories(folder.resolve(ProfileCatalogue.CLASS_PATH_FOLDER));
        Files.writeString(place.resolve("index.txt"), "# ours\nmine-1\n\n");
        Files.writeString(place.resolve("mine-1.toml"), "extends = 'chrome'\nname = 'mine-1'\nsource = 'x'\n");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            assertThatThrownBy(() -> ProfileCatalogue.builtIn().withClassPath(loader))
                    .isInstanceOf(ProfileFormatException.class)
                    .hasMessageContaining("mine-1.toml:1:1: extends: names no known profile");

            Files.writeString(place.resolve("mine-1.toml"), "extends = 'chrome-156'\nname = 'mine-1'\nsource = 'x'\n");
            ProfileCatalogue catalogue = ProfileCatalogue.builtIn().withClassPath(loader);
            assertThat(catalogue.find("mine-1").hello())
                    .isEqualTo(BrowserProfiles.find("chrome-156").hello());

            Files.writeString(place.resolve("index.txt"), "mine-1\nmine-2\n");
            assertThatThrownBy(() -> ProfileCatalogue.builtIn().withClassPath(loader))
                    .isInstanceOf(FileNotFoundException.class)
                    .hasMessageContaining("mine-2.toml");
        }
    }

    private Path write(String name, String toml) throws IOException {
        Path file = folder.resolve(name + ".toml");
        Files.writeString(file, toml);
        return file;
    }
}
