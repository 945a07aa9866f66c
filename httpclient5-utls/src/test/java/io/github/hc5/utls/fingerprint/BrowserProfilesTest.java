package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrowserProfilesTest {

    @TempDir
    Path folder;

    @Test
    void hasTheTwoCapturedBrowsers() {
        assertThat(BrowserProfiles.names())
                .contains("chrome-156", "firefox-153")
                .isSorted();
        assertThat(BrowserProfiles.all().stream().map(BrowserProfile::name).toList())
                .isEqualTo(BrowserProfiles.names());
        assertThat(BrowserProfiles.find("chrome-156")).isSameAs(BrowserProfiles.find("chrome-156"));
    }

    @Test
    void everyFileIsInTheIndex() throws IOException, URISyntaxException {
        URL index = Objects.requireNonNull(BrowserProfiles.class.getResource("profiles/index.txt"));
        try (Stream<Path> files = Files.list(Path.of(index.toURI()).resolveSibling(""))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".toml"))
                    .map(name -> name.replace(".toml", ""))
                    .sorted()
                    .toList();
            assertThat(names).isEqualTo(BrowserProfiles.names());
        }
    }

    @Test
    void noTwoAreAlike() {
        assertThat(BrowserProfiles.all().stream()
                        .map(profile -> List.of(profile.hello(), profile.http2(), profile.headers()))
                        .toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void chromeSaysWhatChromeSays() {
        HeaderSpec headers = BrowserProfiles.find("chrome-156").headers();

        assertThat(headers.userAgent()).contains("Chrome/156.0.0.0").doesNotContain("Headless");
        assertThat(headers.slots(RequestKind.NAVIGATION))
                .contains(new HeaderSlot.Default(
                        "sec-ch-ua",
                        "\"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\", \"Google Chrome\";v=\"156\"",
                        HeaderSlot.On.ANY));
    }

    @Test
    void fingerprintsAreThoseOfTheRealBrowsers() {
        ClientHelloSpec chrome = BrowserProfiles.find("chrome-156").hello();
        ClientHelloSpec firefox = BrowserProfiles.find("firefox-153").hello();

        assertThat(Ja3n.of(chrome).hash()).isEqualTo("bd4930bd9b000ee684830e44bab76fdf");
        assertThat(Ja4.of(chrome)).hasToString("t13d1517h2_8daaf6152771_cb7bf5808d99");
        assertThat(Ja3.of(firefox).hash()).isEqualTo("6447ab086255d194909d4013b1a89e87");
        assertThat(Ja3n.of(firefox).hash()).isEqualTo("8099457c290ccfe8c6d958826c26b023");
        assertThat(Ja4.of(firefox)).hasToString("t13d1617h2_86a278354501_3cbfd9057e0d");
    }

    @Test
    void firefoxPutsTheCookieBetweenSignatureAlgorithmsAndPskModes() {
        List<Integer> types = BrowserProfiles.find("firefox-153").hello().extensions().stream()
                .map(ExtensionSpec::type)
                .toList();

        assertThat(types)
                .containsSequence(
                        ExtensionSpec.SIGNATURE_ALGORITHMS, ExtensionSpec.COOKIE, ExtensionSpec.PSK_KEY_EXCHANGE_MODES);
    }

    @Test
    void suggestsTheNearestNames() {
        assertThatExceptionOfType(UnknownProfileException.class)
                .isThrownBy(() -> BrowserProfiles.find("chrme-156"))
                .withMessageStartingWith("unknown profile 'chrme-156'; did you mean chrome-156 or ")
                .satisfies(e -> assertThat(e.suggestions()).startsWith("chrome-156"));
        assertThatExceptionOfType(UnknownProfileException.class)
                .isThrownBy(() -> BrowserProfiles.find("safari_ios"))
                .satisfies(e -> assertThat(e.suggestions()).startsWith("safari-ios"));
        assertThatExceptionOfType(UnknownProfileException.class)
                .isThrownBy(() -> BrowserProfiles.find("netscape-4"))
                .withMessageStartingWith("unknown profile 'netscape-4'; known: chrome, chrome-android, ")
                .withMessageContaining("firefox-153")
                .satisfies(e -> assertThat(e.suggestions()).isEmpty());
        assertThatExceptionOfType(UnknownProfileException.class).isThrownBy(() -> BrowserProfiles.find("index.txt"));
        assertThatExceptionOfType(UnknownProfileException.class)
                .isThrownBy(() -> BrowserProfiles.find("../profiles/chrome-156"));
    }

    @Test
    void everyProfileIsCalledAsItsFileAndSaysItsOwnSourceAndDate() {
        for (String name : BrowserProfiles.names()) {
            BrowserProfile profile = BrowserProfiles.find(name);
            assertThat(profile.name()).isEqualTo(name);
            assertThat(profile.date()).as(name).isNotNull();
            assertThat(ownText(name)).contains("\nsource = ", "\ndate = ", "\nname = ");
        }
    }

    @Test
    void aliasesAreTheNewestOfTheirKind() {
        assertThat(BrowserProfiles.aliases().keySet())
                .containsExactly("chrome", "chrome-android", "edge", "firefox", "safari", "safari-ios");
        BrowserProfiles.aliases().forEach((alias, name) -> {
            assertThat(BrowserProfiles.find(alias)).isSameAs(BrowserProfiles.find(name));
            assertThat(BrowserProfiles.names()).contains(name).doesNotContain(alias);
            assertThat(name).isEqualTo(newest(alias));
        });
    }

    /** Of the names that are the alias with a version in it, the one with the highest version. */
    private static String newest(String alias) {
        String family = alias.replaceAll("-.*", "");
        String platform = alias.substring(family.length());
        return BrowserProfiles.names().stream()
                .filter(name -> name.matches(family + "-[0-9.]+" + platform))
                .max(Comparator.comparing(
                        name -> ModuleDescriptor.Version.parse(name.replaceAll("^[a-z]+-|-[a-z]+$", ""))))
                .orElseThrow();
    }

    private static String ownText(String name) {
        try (InputStream in =
                Objects.requireNonNull(BrowserProfiles.class.getResourceAsStream("profiles/" + name + ".toml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void loadsAFile() throws IOException {
        Path file = folder.resolve("mine.toml");
        Files.writeString(file, "extends = 'firefox-153'\nname = 'mine'\nsource = 'a test'\n");

        BrowserProfile mine = BrowserProfiles.load(file);
        assertThat(mine.name()).isEqualTo("mine");
        assertThat(mine.hello()).isEqualTo(BrowserProfiles.find("firefox-153").hello());
    }

    @Test
    void tellsWhatIsWrongWithAFile() throws IOException {
        Path latin = folder.resolve("latin.toml");
        Files.write(latin, "name = 'caf\u00e9'".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> BrowserProfiles.load(latin))
                .isInstanceOf(ProfileFormatException.class)
                .hasMessage(latin + ":1:1: the file is not in UTF-8");
        assertThatThrownBy(() -> BrowserProfiles.load(folder.resolve("none.toml")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
