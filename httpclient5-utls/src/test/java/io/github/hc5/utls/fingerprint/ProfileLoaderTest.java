package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileLoaderTest {

    private static final String CHROME = resource("chrome-156.toml");

    /** What is replaced in chrome-156, by what, and the problem without its place. */
    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("record_version = \"TLS 1.0\"", "", "hello.record_version: is missing"),
                mistake(
                        "order = \"navigation\"",
                        "order = \"image\"",
                        "headers.link_navigation.order: must be an array, or the name of a kind of request whose order is an"
                                + " array"),
                mistake("date = 2026-11-21", "date = 'today'", "date: is 'today', must be a date such as 2026-01-31"),
                mistake(
                        "http2_only = [\"priority\"]",
                        "http2_only = [\"priority\"]\nomitted = [\"priorty\"]",
                        "headers.omitted[0]: no kind of request has priorty in its order"),
                mistake("record_version", "record_verson", "hello.record_verson: unknown key, allowed are"),
                mistake(
                        "session_id_length = 32",
                        "session_id_length = \"32\"",
                        "hello.session_id_length: is '32', must" + " be an integer from 0 to 32"),
                mistake(
                        "session_id_length = 32",
                        "session_id_length = 33",
                        "hello.session_id_length: is 33, must be an" + " integer from 0 to 32"),
                mistake(
                        "\"TLS_AES_128_GCM_SHA256\"",
                        "\"TLS_AES_128_GCM_SHA25\"",
                        "hello.cipher_suites[1]:"
                                + " 'TLS_AES_128_GCM_SHA25' is no cipher suite, must be a name of the registry, GREASE or a number"
                                + " from 0x0 to 0xffff; did you mean TLS_AES_128_GCM_SHA256"),
                mistake("\"TLS_AES_128_GCM_SHA256\"", "0x10000", "hello.cipher_suites[1]: 65536 is no cipher suite"),
                mistake("\"TLS_AES_128_GCM_SHA256\"", "true", "hello.cipher_suites[1]: true is no cipher suite"),
                mistake(
                        "\"TLS_AES_128_GCM_SHA256\"",
                        "\"0x1a1a\"",
                        "hello.cipher_suites[1]: '0x1a1a' is a GREASE value," + " write \"GREASE\" to draw one"),
                mistake(
                        "\"permuted\"",
                        "\"shuffled\"",
                        "hello.extension_order: is 'shuffled', must be one of fixed," + " permuted"),
                mistake(
                        "  \"cookie\", ",
                        "  \"pre_shared_key\", ",
                        "hello.extensions[18]: extension pre_shared_key belongs" + " to a resumed session"),
                mistake("  \"cookie\", ", "  \"0x1234\", ", "hello.extension.0x1234: is missing"),
                mistake("  \"cookie\", ", "  \"server_name\", ", "hello: extension 0 occurs twice"),
                mistake("  \"compress_certificate\",\n", "", "hello.extension.compress_certificate: unknown key"),
                mistake(
                        "GREASE = [\"\", \"00\"]",
                        "GREASE = [\"\"]",
                        "hello.extensions[19]: needs a body in" + " hello.extension.GREASE"),
                mistake(
                        "GREASE = [\"\", \"00\"]",
                        "GREASE = [\"\", \"00\", \"\"]",
                        "hello.extension.GREASE[2]: has no" + " GREASE among the extensions"),
                mistake(
                        "GREASE = [\"\", \"00\"]",
                        "GREASE = [\"\", \"0\"]",
                        "hello.extension.GREASE[1]: is '0', must be an" + " even number of hexadecimal digits"),
                mistake(
                        "[\"uncompressed\"]",
                        "[]",
                        "hello.extension.ec_point_formats: ec_point_formats must not be empty"),
                mistake(
                        "[\"uncompressed\"]",
                        "[\"GREASE\"]",
                        "hello.extension.ec_point_formats[0]: 'GREASE' is no point"
                                + " format, must be a name of the registry or a number from 0x0 to 0xff"),
                mistake("[\"uncompressed\"]", "{}", "hello.extension.ec_point_formats: is a table, must be an array"),
                mistake(
                        "groups = [\"GREASE\", \"X25519MLKEM768\", \"x25519\"]",
                        "groups = [\"x448\"]",
                        "hello: key share of" + " group 30 is not among the supported groups"),
                mistake(
                        "shared_x25519 = false",
                        "shared_x25519 = 0",
                        "hello.extension.key_share.shared_x25519: is 0, must" + " be true or false"),
                mistake(
                        "payload_lengths = [144, 176, 208, 240]",
                        "payload_lengths = [0]",
                        "encrypted_client_hello.payload_lengths[0]: is 0, must be an integer from 1 to 65535"),
                mistake(
                        "{ id = \"ENABLE_PUSH\", value = 0 }",
                        "{ id = \"ENABLE_PUSH\", value = 2 }",
                        "http2.settings[1]:" + " setting 2 is 2, allowed are 0 to 1"),
                mistake(
                        "{ id = \"ENABLE_PUSH\", value = 0 }",
                        "{ id = \"GREASE\", value = 2 }",
                        "http2.settings[1].value:" + " is 2, must be a string"),
                mistake(
                        "{ id = \"ENABLE_PUSH\", value = 0 }",
                        "{ id = \"ENABLE_PUSH\", vlue = 0 }",
                        "http2.settings[1].vlue: unknown key, allowed are id, value; did you mean value?"),
                mistake("first_stream_id = 1", "first_stream_id = 2", "http2: firstStreamId is 2"),
                mistake(
                        ":scheme\", \":path\"]",
                        ":path\"]",
                        "http2: pseudoHeaders are [:method, :authority, :path], must"),
                mistake("[http2.priority]", "[http2.priority]\nsocket = {}", "http2.priority.socket: unknown key"),
                mistake(
                        "\"open-chain\", weight = 147",
                        "\"root\", weight = 147",
                        "http2.priority.async_script.depends_on:" + " is 'root', must be one of open-chain"),
                mistake(
                        "weight = 147",
                        "weight = 257",
                        "http2.priority.async_script.weight: is 257, must be an integer"),
                mistake(
                        "huffman = \"when-shorter\"",
                        "huffman = \"never\"",
                        "http2.hpack.huffman: is 'never', must be one" + " of always, when-not-longer, when-shorter"),
                mistake(
                        "{ name = \":path\", as",
                        "{ name = \"Path\", as",
                        "http2.hpack.literals[2]: header name 'Path' is" + " not a lower-case name"),
                mistake("[http2.stream_refill]", "[http2.stream_refil]", "http2.stream_refill: is missing"),
                mistake(
                        "http2_only = [\"priority\"]",
                        "http2_only = \"priority\"",
                        "headers.http2_only: is 'priority', must" + " be an array"),
                mistake(
                        "http2_only = [\"priority\"]",
                        "http2_only = [\"priorty\"]",
                        "headers.http2_only[0]: no kind of request has priorty in its order"),
                mistake(
                        "http2_only = [\"priority\"]",
                        "http2_only = [\"priority\", \"host\"]",
                        "headers: 'host' is both http1_only and http2_only"),
                mistake(
                        "sec-ch-ua-mobile = \"?0\"",
                        "",
                        "headers.navigation.order[8]: 'sec-ch-ua-mobile' has no value"),
                mistake(
                        "sec-ch-ua-mobile = \"?0\"",
                        "sec-ch-ua-mobile = \"?0\"\nDNT = \"1\"",
                        "headers.values.DNT: no kind" + " of request has DNT in its order"),
                mistake(
                        "Sec-Fetch-User = \"?1\"",
                        "Sec-GPC = \"1\"",
                        "headers.navigation.values.Sec-GPC: is not in the" + " order of this kind of request"),
                mistake(
                        "sec-ch-ua-mobile = \"?0\"",
                        "sec-ch-ua-mobile = \"\\u0007\"",
                        "headers.values.sec-ch-ua-mobile:"
                                + " value of header sec-ch-ua-mobile has characters outside printable ASCII"),
                mistake("[headers.navigation]", "[headers.navigate]", "headers.navigate: unknown key"),
                mistake(
                        "name = \"chrome-156\"",
                        "name = \"Chrome 156\"",
                        "profile name 'Chrome 156' must be lower-case"),
                mistake("name = \"chrome-156\"", "name = 156", "name: is 156, must be a string"),
                mistake(
                        "name = \"chrome-156\"",
                        "name = \"chrome-156\"\nextends = \"netscape\"",
                        "extends: names no known" + " profile"),
                mistake("[http2]", "[http2", "Unexpected"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void refuses(String good, String bad, String problem) {
        assertThat(CHROME).contains(good);
        String text = CHROME.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad));

        assertThat(problems(text))
                .anySatisfy(found -> assertThat(found)
                        .matches("test\\.toml:[0-9]+:[0-9]+: (?s).*")
                        .contains(problem));
    }

    @Test
    void namesTheLineAndTheColumn() {
        String text = CHROME.replace("  \"TLS_AES_256_GCM_SHA384\",", "  \"TLS_AES_257\",");
        int line = (int) text.substring(0, text.indexOf("TLS_AES_257")).lines().count();

        assertThat(problems(text)).singleElement().asString().startsWith("test.toml:" + line + ":3: hello.cipher");
    }

    @Test
    void reportsAllProblemsAtOnce() {
        String text = CHROME.replace("\"TLS 1.0\"", "1")
                .replace("start_in_one_record = true", "start_in_one_record = 1")
                .replace("Accept-Language = ", "Accept-Language = 3 # ");

        ProfileFormatException thrown = failure(text);
        assertThat(thrown.problems())
                .extracting(problem -> problem.replaceFirst("^test\\.toml:[0-9]+:[0-9]+: ", ""))
                .contains(
                        "http2.start_in_one_record: is 1, must be true or false",
                        "headers.values.Accept-Language: is 3, must be a string");
        assertThat(thrown).hasMessage(String.join(System.lineSeparator(), thrown.problems()));
    }

    @Test
    void acceptsNumbersForTheUnnamed() {
        String text = CHROME.replace("\"TLS_AES_128_GCM_SHA256\"", "0x0fed")
                .replace("\"secp384r1\"]", "\"0x6399\"]")
                .replace("  \"cookie\", ", "  \"0x1234\", ")
                .replace("[hello.extension]", "[hello.extension]\n0x1234 = \"c0ffee\"");
        ClientHelloSpec hello = load(text).hello();

        assertThat(hello.cipherSuites().get(1)).isEqualTo(0x0FED);
        assertThat(hello.extension(ExtensionSpec.SupportedGroups.class)
                        .orElseThrow()
                        .groups())
                .endsWith(0x6399);
        assertThat(hello.extensions()).contains(new ExtensionSpec.Opaque(0x1234, Octets.ofHex("c0ffee")));
    }

    @Test
    void acceptsGreaseSettingsAndPriorityFrames() {
        String text = CHROME.replace("{ id = \"ENABLE_PUSH\", value = 0 }", "{ id = \"GREASE\", value = \"drawn\" }")
                .replace(
                        "priority_frames = []",
                        "priority_frames = [{ stream_id = 3, exclusive = false, depends_on = 0, weight = 201 }]");
        Http2Spec http2 = load(text).http2();

        assertThat(http2.settings().get(1))
                .isEqualTo(new Http2Spec.Setting(Grease.PLACEHOLDER, Http2Spec.Setting.DRAWN));
        assertThat(http2.priorityFrames()).containsExactly(new Http2Spec.PriorityFrame(3, false, 0, 201));
    }

    @Test
    void extendingStatesOnlyWhatChanged() {
        BrowserProfile child = load("""
                extends = "chrome-156"
                name = "chrome-157"
                source = "a test"
                [hello]
                extension_order = "fixed"
                extensions = ["server_name", "supported_groups", "key_share"]
                [hello.extension]
                supported_groups = ["x25519"]
                [hello.extension.key_share]
                groups = ["x25519"]
                [http2]
                first_stream_id = 3
                [http2.priority]
                image = { exclusive = false, depends_on = 0, weight = 1 }
                [headers]
                user_agent = "Chrome/157"
                [headers.values]
                sec-ch-ua = "157"
                """);
        BrowserProfile parent = BrowserProfiles.find("chrome-156");

        assertThat(child.hello().cipherSuites()).isEqualTo(parent.hello().cipherSuites());
        assertThat(child.hello().extensions())
                .containsExactly(
                        new ExtensionSpec.ServerName(),
                        new ExtensionSpec.SupportedGroups(List.of(29)),
                        new ExtensionSpec.KeyShares(List.of(29), false));
        assertThat(child.http2().firstStreamId()).isEqualTo(3);
        assertThat(child.http2().settings()).isEqualTo(parent.http2().settings());
        assertThat(child.http2().priority(RequestKind.IMAGE).orElseThrow().weight())
                .isEqualTo(1);
        assertThat(child.http2().priority(RequestKind.SCRIPT))
                .isEqualTo(parent.http2().priority(RequestKind.SCRIPT));
        assertThat(child.headers().slots(RequestKind.STYLE))
                .contains(
                        new HeaderSlot.Default("sec-ch-ua", "157", HeaderSlot.On.ANY),
                        new HeaderSlot.Default("User-Agent", "Chrome/157", HeaderSlot.On.ANY));
    }

    @Test
    void problemsOfExtendedFilesNameThatFile() {
        Map<String, ProfileSource> files =
                Map.of("parent", new ProfileSource("parent.toml", CHROME.replace("\"permuted\"", "7")));
        ProfileFormatException thrown = catchThrowableOfType(
                ProfileFormatException.class,
                () -> ProfileLoader.load(
                        new ProfileSource("child.toml", "extends = 'parent'\nname = 'child'\nsource = 'a test'"),
                        name -> Optional.ofNullable(files.get(name))));

        assertThat(thrown.problems())
                .singleElement()
                .asString()
                .matches("parent\\.toml:[0-9]+:1: hello.extension_order: is 7, must be a string");
    }

    @Test
    void aProfileCannotExtendItself() {
        Map<String, ProfileSource> files = Map.of(
                "a", new ProfileSource("a.toml", "extends = 'b'"), "b", new ProfileSource("b.toml", "extends = 'a'"));
        ProfileFormatException thrown = catchThrowableOfType(
                ProfileFormatException.class,
                () -> ProfileLoader.load(
                        Objects.requireNonNull(files.get("a")), name -> Optional.ofNullable(files.get(name))));

        assertThat(thrown).hasMessage("b.toml:1:1: extends: makes the profile extend itself: a.toml -> b.toml");
    }

    @Test
    void refusesAnEmptyFile() {
        assertThat(problems(""))
                .containsExactly(
                        "test.toml:1:1: name: is missing",
                        "test.toml:1:1: source: is missing",
                        "test.toml:1:1: hello: is missing",
                        "test.toml:1:1: http2: is missing",
                        "test.toml:1:1: headers: is missing");
    }

    @Test
    void refusesDeepNesting() {
        assertThat(problems("a = " + "[".repeat(100_000)))
                .singleElement()
                .asString()
                .contains("nested more than");
    }

    /** What the parser makes of these depends on whether its assertions are checked; it must not come out as its own error. */
    @ParameterizedTest
    @ValueSource(strings = {"l={\"\"\"\",]\n[c]", "[h # an assertion of the parser's own"})
    void refusesWhatMakesTheTomlParserFail(String text) {
        assertThat(problems(text))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).startsWith("test.toml:1:"));
    }

    private static Arguments mistake(String good, String bad, String problem) {
        return Arguments.of(good, bad, problem);
    }

    private static BrowserProfile load(String text) {
        return BrowserProfiles.parse("test.toml", text);
    }

    private static List<String> problems(String text) {
        return failure(text).problems();
    }

    private static ProfileFormatException failure(String text) {
        ProfileFormatException thrown = catchThrowableOfType(ProfileFormatException.class, () -> load(text));
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private static String resource(String name) {
        try (InputStream in = BrowserProfiles.class.getResourceAsStream("profiles/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
