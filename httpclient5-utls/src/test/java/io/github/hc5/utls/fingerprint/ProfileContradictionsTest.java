package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the parts of one profile say of the browser must agree: a server that compares them finds out who made them up. */
class ProfileContradictionsTest {

    /** Chromium's rule holds from here on; before, the made-up brand was always {@code " Not A;Brand"}. */
    private static final int FIRST_BY_RULE = 105;

    private static final Pattern CHROMIUM = Pattern.compile("Chrome/(\\d+)\\.");
    private static final Map<String, String> BRANDS =
            Map.of("chrome", "Google Chrome", "edge", "Microsoft Edge", "opera", "Opera", "brave", "Brave");

    static Stream<String> names() {
        return BrowserProfiles.names().stream();
    }

    static Stream<String> chromiumNames() {
        return names().filter(name -> BRANDS.containsKey(family(name)));
    }

    /**
     * Chromium invents one of its three brands and shuffles them, both by the major version alone (GenerateBrandVersionList
     * in components/embedder_support/user_agent_utils.cc).
     */
    @ParameterizedTest
    @MethodSource("chromiumNames")
    void brandsAreThoseThatChromiumMakesOfTheVersion(String name) {
        BrowserProfile profile = BrowserProfiles.find(name);
        int major = chromiumVersion(profile);
        Optional<String> brands = value(profile, "sec-ch-ua");
        if (major < 89) {
            assertThat(brands).isEmpty();
            return;
        }
        if (major < FIRST_BY_RULE) {
            assertThat(brands.orElseThrow())
                    .contains("\" Not A;Brand\";v=\"99\"", "\"Chromium\";v=\"" + major + "\"", ownBrand(name, major));
            return;
        }
        List<String> symbols = List.of(" ", "(", ":", "-", ".", "/", ")", ";", "=", "?", "_");
        String invented = "\"Not" + symbols.get(major % 11) + "A" + symbols.get((major + 1) % 11) + "Brand\";v=\""
                + List.of("8", "99", "24").get(major % 3) + "\"";
        int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        String[] shuffled = new String[3];
        shuffled[orders[major % 6][0]] = invented;
        shuffled[orders[major % 6][1]] = "\"Chromium\";v=\"" + major + "\"";
        shuffled[orders[major % 6][2]] = ownBrand(name, major);
        assertThat(brands).hasValue(String.join(", ", Arrays.asList(shuffled)));
    }

    @ParameterizedTest
    @MethodSource("chromiumNames")
    void clientHintsNameThePlatformOfTheUserAgent(String name) {
        BrowserProfile profile = BrowserProfiles.find(name);
        if (chromiumVersion(profile) < 89) {
            return;
        }
        String agent = profile.headers().userAgent();
        String platform = agent.contains("Android")
                ? "Android"
                : agent.contains("Windows") ? "Windows" : agent.contains("Macintosh") ? "macOS" : "Linux";
        assertThat(value(profile, "sec-ch-ua-platform")).hasValue("\"" + platform + "\"");
        assertThat(value(profile, "sec-ch-ua-mobile")).hasValue(agent.contains("Mobile") ? "?1" : "?0");
    }

    @ParameterizedTest
    @MethodSource("names")
    void userAgentNamesTheBrowserAndVersionOfTheName(String name) {
        String agent = BrowserProfiles.find(name).headers().userAgent();
        String version = name.split("-", -1)[1];
        String expected = switch (family(name)) {
            case "chrome", "brave" -> " Chrome/" + version + ".";
            case "edge" -> " Edg/" + version + ".";
            case "opera" -> " OPR/" + version + ".";
            case "firefox" -> " Firefox/" + version + ".0";
            case "tor" -> " Firefox/128.0";
            case "safari" -> " Version/" + version;
            case "okhttp" -> "okhttp/" + version + ".";
            default -> throw new AssertionError("no rule for " + name);
        };
        assertThat(" " + agent).contains(expected);
        assertThat(agent.contains("iPhone")).isEqualTo(name.endsWith("-ios"));
        assertThat(agent.contains("iPad")).isEqualTo(name.endsWith("-ipad"));
        assertThat(agent.contains("Android")).isEqualTo(name.endsWith("-android"));
    }

    /** Firefox said rv:109.0 from 110 to 119, since servers took rv:11x for Internet Explorer 11. */
    @ParameterizedTest
    @MethodSource("firefoxNames")
    void firefoxSaysItsVersionTwice(String name) {
        Matcher matcher = Pattern.compile("; rv:(\\d+)\\.0\\) Gecko/(20100101|\\1\\.0) Firefox/(\\d+)\\.0")
                .matcher(BrowserProfiles.find(name).headers().userAgent());
        assertThat(matcher.find()).isTrue();
        int version = Integer.parseInt(matcher.group(3));
        assertThat(Integer.parseInt(matcher.group(1))).isEqualTo(version >= 110 && version <= 119 ? 109 : version);
    }

    static Stream<String> firefoxNames() {
        return names().filter(
                        name -> family(name).equals("firefox") || family(name).equals("tor"));
    }

    private static String family(String name) {
        return name.substring(0, name.indexOf('-'));
    }

    private static String ownBrand(String name, int major) {
        String version = family(name).equals("opera") ? name.split("-", -1)[1] : String.valueOf(major);
        return "\"" + BRANDS.get(family(name)) + "\";v=\"" + version + "\"";
    }

    private static int chromiumVersion(BrowserProfile profile) {
        Matcher matcher = CHROMIUM.matcher(profile.headers().userAgent());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static Optional<String> value(BrowserProfile profile, String header) {
        return profile.headers().slots(RequestKind.NAVIGATION).stream()
                .filter(HeaderSlot.Default.class::isInstance)
                .map(HeaderSlot.Default.class::cast)
                .filter(slot -> slot.name().equals(header))
                .map(HeaderSlot.Default::value)
                .findFirst();
    }
}
