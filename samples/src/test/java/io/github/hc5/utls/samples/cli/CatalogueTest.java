package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.Ja3;
import io.github.hc5.utls.fingerprint.Ja4;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code profiles} and {@code inspect}. */
class CatalogueTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static List<RealBrowser> realBrowsers() {
        return RealBrowser.all();
    }

    @ParameterizedTest
    @MethodSource("realBrowsers")
    void theCatalogueHasTheRealBrowsersFingerprints(RealBrowser real) throws IOException {
        JsonNode profile = profile(real.profile());
        assertThat(profile.get("ja3n_hash").asText()).isEqualTo(real.ja3nHash());
        assertThat(profile.get("ja4").asText()).isEqualTo(real.ja4());
        assertThat(profile.get("akamai").asText()).isEqualTo(real.akamai());
        assertThat(profile.get("source").asText()).isNotBlank();
    }

    @Test
    void peopleGetATable() {
        Outcome outcome = Outcome.of("profiles");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.outLines().get(0)).startsWith("NAME").contains("JA4", "SOURCE");
        for (RealBrowser real : RealBrowser.all()) {
            assertThat(outcome.out())
                    .containsPattern("(?m)^" + real.profile() + " +([a-z-]+ +)?" + real.ja4() + "  \\S");
        }
    }

    /** On a difference, run {@code samples/utls profiles --markdown > docs/profiles.md}. */
    @Test
    void thePageOfProfilesIsUpToDate() throws IOException {
        Outcome outcome = Outcome.of("profiles", "--markdown");
        assertThat(outcome.status()).isZero();
        assertThat(Files.readString(Path.of("..", "docs", "profiles.md"))).isEqualTo(outcome.out());
        assertThat(outcome.outLines().stream().filter(line -> line.startsWith("| `") && line.contains("t13d")))
                .hasSizeGreaterThan(50);
    }

    /** Profiles in the pages can be read, and every key of a whole profile is explained. */
    @Test
    void theFormatIsAsDescribed() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "profile-format.md"));
        String both = page + Files.readString(Path.of("..", "README.md"));
        List<String> profiles = Pattern.compile("(?s)```toml\n(.*?)```")
                .matcher(both)
                .results()
                .map(match -> match.group(1))
                .filter(toml -> toml.contains("extends = "))
                .toList();
        assertThat(profiles).hasSize(2);
        profiles.forEach(
                toml -> assertThat(BrowserProfiles.parse("page", toml).name()).isNotBlank());

        String folder = "../httpclient5-utls/src/main/resources/io/github/hc5/utls/fingerprint/profiles/";
        List<String> keys = Pattern.compile("(?m)^([a-z0-9_]+) = ")
                .matcher(Files.readString(Path.of(folder + "chrome-156.toml")).split("\\[hello.extension\\]\n", 2)[0]
                        + Files.readString(Path.of(folder + "chrome-156.toml")).split("\\[http2\\]\n", 2)[1])
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(keys).contains("session_id_length", "pseudo_headers", "order");
        assertThat(page).contains(keys);
    }

    @Test
    void jsonAndMarkdownExcludeOneAnother() {
        Outcome outcome = Outcome.of("profiles", "--markdown", "--json");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("--markdown");
    }

    @Test
    void aliasesAreListedAndFound() throws IOException {
        assertThat(profile("chrome-156").get("aliases").get(0).asText()).isEqualTo("chrome");
        assertThat(inspect("--profile", "chrome").get("profile").asText()).isEqualTo("chrome-156");
    }

    @Test
    void aProfileMayBeAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mine.toml");
        Files.writeString(file, "extends = 'firefox-153'\nname = 'mine'\nsource = 'a test'\n");
        assertThat(inspect("--profile", file.toString()).get("profile").asText())
                .isEqualTo("mine");

        Files.writeString(file, "extends = 'firefox-153'\nname = 'Mine'\nsource = 'a test'\nx = 1\n");
        Outcome wrong = Outcome.of("inspect", "--profile", file.toString());
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.errLines()).singleElement().asString().contains(file + ":4:1: x: unknown key");
        Outcome missing =
                Outcome.of("inspect", "--profile", folder.resolve("none.toml").toString());
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.errLines()).singleElement().asString().contains("no such file", "none.toml");
    }

    @ParameterizedTest
    @MethodSource("realBrowsers")
    void inspectDrawsAHelloWithTheRealBrowsersFingerprints(RealBrowser real) throws IOException {
        JsonNode json = inspect("--profile", real.profile());
        assertThat(json.get("profile").asText()).isEqualTo(real.profile());
        assertThat(json.get("ja3n_hash").asText()).isEqualTo(real.ja3nHash());
        assertThat(json.get("ja4").asText()).isEqualTo(real.ja4());
        assertThat(json.get("akamai").asText()).isEqualTo(real.akamai());
        ClientHelloMessage hello = hello(json);
        assertThat(json.get("ja3").asText()).isEqualTo(Ja3.of(hello).toString());
        assertThat(json.get("ja3_hash").asText()).isEqualTo(Ja3.of(hello).hash());
        assertThat(json.get("ja4_r").asText()).isEqualTo(Ja4.of(hello).raw());
    }

    @Test
    void inspectDrawsAnew() throws IOException {
        assertThat(inspect("--profile", "chrome-156").get("client_hello_hex"))
                .isNotEqualTo(inspect("--profile", "chrome-156").get("client_hello_hex"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void inspectSendsNoAddressAsServerName(String address) throws IOException {
        assertThat(inspect("--profile", "chrome-156", "--host", address)
                        .get("ja4")
                        .asText())
                .startsWith("t13i");
    }

    @Test
    void inspectShowsPeopleTheSame() {
        Outcome outcome = Outcome.of("inspect", "--profile", "firefox-153", "--host", "www.example.com");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .contains("www.example.com")
                .containsPattern("(?m)^ja4 +t13d1617h2_")
                .containsPattern("(?m)^client_hello_hex +160301");
    }

    @Test
    void inspectNeedsAKnownProfile() {
        Outcome missing = Outcome.of("inspect");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.errLines()).singleElement().asString().contains("--profile");
        Outcome unknown = Outcome.of("inspect", "--profile", "chrome-165");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.errLines()).singleElement().asString().contains("chrome-165", "chrome-156");
    }

    private static JsonNode inspect(String... options) throws IOException {
        String[] line = new String[options.length + 2];
        line[0] = "inspect";
        line[1] = "--json";
        System.arraycopy(options, 0, line, 2, options.length);
        Outcome outcome = Outcome.of(line);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.outLines()).hasSize(1);
        return MAPPER.readTree(outcome.out());
    }

    private static ClientHelloMessage hello(JsonNode json) {
        return ClientHelloParser.parse(
                HexFormat.of().parseHex(json.get("client_hello_hex").asText()));
    }

    private static JsonNode profile(String name) throws IOException {
        Outcome outcome = Outcome.of("profiles", "--json");
        assertThat(outcome.status()).isZero();
        for (String line : outcome.outLines()) {
            JsonNode profile = MAPPER.readTree(line);
            if (profile.get("name").asText().equals(name)) {
                return profile;
            }
        }
        throw new AssertionError(name + " is not in the catalogue");
    }
}
