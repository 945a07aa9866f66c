package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.hc5.utls.fingerprint.ClientHelloSpec.ExtensionOrder;
import io.github.hc5.utls.fingerprint.HpackSpec.Literal;
import io.github.hc5.utls.fingerprint.HpackSpec.LiteralRule;
import io.github.hc5.utls.fingerprint.Http2Spec.Dependency;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import io.github.hc5.utls.fingerprint.Http2Spec.StreamPriority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the specifications refuse, and that they cannot be changed from outside. */
class SpecificationTest {

    private static final Octets EMPTY = Octets.empty();

    static Stream<Arguments> refusals() {
        ExtensionSpec.SupportedGroups groups = new ExtensionSpec.SupportedGroups(List.of(29, 23));
        ExtensionSpec.GreaseExtension grease = new ExtensionSpec.GreaseExtension(EMPTY);
        return Stream.of(
                refusal(() -> hello(0x0304, 32), "record version is 772, allowed are 769 to 771"),
                refusal(() -> hello(0x0301, 16), "session id length is 16, allowed are 0 and 32"),
                refusal(
                        () -> hello(0x0301, 32, new ExtensionSpec.ServerName(), new ExtensionSpec.ServerName()),
                        "extension 0 occurs twice"),
                refusal(
                        () -> hello(0x0301, 32, grease, grease, grease),
                        "there are 3 GREASE extensions, at most 2 are allowed"),
                refusal(
                        () -> hello(0x0301, 32, new ExtensionSpec.Padding(), grease),
                        "padding must be the last extension"),
                refusal(
                        () -> hello(0x0301, 32, groups, new ExtensionSpec.KeyShares(List.of(29, 24), false)),
                        "key share of group 24 is not among the supported groups [29, 23]"),
                refusal(
                        () -> hello(0x0301, 32, groups, new ExtensionSpec.KeyShares(List.of(29, 29), false)),
                        "key shares [29, 29] name a group twice"),
                refusal(
                        () -> new ClientHelloSpec(0x0301, 0, List.of(), List.of(), ExtensionOrder.FIXED),
                        "cipher suites must not be empty"),
                refusal(() -> new ExtensionSpec.SupportedGroups(List.of()), "supported_groups must not be empty"),
                refusal(
                        () -> new ExtensionSpec.SupportedGroups(List.of(65536)),
                        "supported_groups entry is 65536, allowed are 0 to 65535"),
                refusal(
                        () -> new ExtensionSpec.EcPointFormats(List.of(256)),
                        "ec_point_formats entry is 256, allowed are 0 to 255"),
                refusal(() -> new ExtensionSpec.ApplicationProtocols(List.of("")), "ALPN protocol '' must have 1 to"),
                refusal(
                        () -> new ExtensionSpec.ApplicationSettings(17613, List.of()),
                        "application_settings protocols must not be empty"),
                refusal(() -> new ExtensionSpec.RecordSizeLimit(63), "record_size_limit is 63, allowed are 64 to"),
                refusal(
                        () -> new ExtensionSpec.EncryptedClientHelloGrease(1, List.of(1), 32, List.of(0)),
                        "ECH payload lengths must be positive"),
                refusal(() -> new ExtensionSpec.Opaque(51, EMPTY), "extension 51 cannot be opaque"),
                refusal(() -> new ExtensionSpec.Opaque(41, EMPTY), "extension 41 cannot be opaque"),
                refusal(() -> new ExtensionSpec.Opaque(0x1A1A, EMPTY), "extension 6682 cannot be opaque"),
                refusal(() -> new Setting(2, 2), "setting 2 is 2, allowed are 0 to 1"),
                refusal(() -> new Setting(5, 16383), "setting 5 is 16383, allowed are 16384 to 16777215"),
                refusal(() -> new Setting(1, Setting.DRAWN), "setting 1 is -1, allowed are 0 to 4294967295"),
                refusal(
                        () -> new StreamPriority(false, new Dependency.OnOpenChain(), 0),
                        "HEADERS weight is 0, allowed are 1 to 256"),
                refusal(
                        () -> http2(2, List.of(":method", ":path", ":authority", ":scheme")),
                        "firstStreamId is 2, a client's streams are odd"),
                refusal(
                        () -> http2(1, List.of(":method", ":path", ":path", ":scheme")),
                        "pseudoHeaders are [:method, :path, :path, :scheme], must be"),
                refusal(
                        () -> new LiteralRule("Cookie", 1, Literal.NEVER_INDEXED, false),
                        "header name 'Cookie' is not a lower-case name"),
                refusal(
                        () -> new HeaderSlot.Default("a b", "", HeaderSlot.On.ANY),
                        "header name 'a b' is not a token of RFC 9110"),
                refusal(
                        () -> new HeaderSlot.Default("a", "b\r\nc: d", HeaderSlot.On.ANY),
                        "value of header a has characters outside printable ASCII"),
                refusal(() -> new HeaderSlot.Supplied("", HeaderSlot.On.ANY), "header name '' is not a token"),
                refusal(() -> headers(), "headers of NAVIGATION have 0 places for other headers"),
                refusal(
                        () -> headers(
                                new HeaderSlot.Others(),
                                new HeaderSlot.Supplied("Cookie", HeaderSlot.On.HTTP_2),
                                new HeaderSlot.Supplied("cookie", HeaderSlot.On.ANY)),
                        "headers of NAVIGATION name cookie twice"),
                refusal(
                        () -> headers(
                                new HeaderSlot.Others(), new HeaderSlot.Default("User-Agent", "B", HeaderSlot.On.ANY)),
                        "headers of NAVIGATION have the User-Agent 'B', must be the profile's 'A'"),
                refusal(() -> new HeaderSpec("A", Map.of()), "headers must describe NAVIGATION"),
                refusal(() -> profile("Chrome", "x"), "profile name 'Chrome' must be lower-case letters and digits"),
                refusal(() -> profile("chrome", " "), "profile chrome must name its source"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refusals")
    void refuses(ThrowingCallable construction, String problem) {
        assertThatIllegalArgumentException().isThrownBy(construction).withMessageContaining(problem);
    }

    @Test
    void keepsItsOwnCopies() {
        List<Integer> suites = new ArrayList<>(List.of(0x1301));
        ClientHelloSpec hello = new ClientHelloSpec(0x0301, 0, suites, List.of(), ExtensionOrder.FIXED);
        suites.add(0x1302);

        Map<RequestKind, List<HeaderSlot>> kinds = new EnumMap<>(RequestKind.class);
        kinds.put(RequestKind.NAVIGATION, List.of(new HeaderSlot.Others()));
        HeaderSpec headers = new HeaderSpec("A", kinds);
        kinds.clear();

        assertThat(hello.cipherSuites()).containsExactly(0x1301);
        assertThat(headers.slots(RequestKind.NAVIGATION)).hasSize(1);
        assertThat(headers.kinds()).isUnmodifiable();
    }

    @Test
    void aHeaderMayHaveOnePlaceForEachHttpVersion() {
        HeaderSpec spec = headers(
                new HeaderSlot.Supplied("Cookie", HeaderSlot.On.HTTP_1),
                new HeaderSlot.Others(),
                new HeaderSlot.Supplied("Cookie", HeaderSlot.On.HTTP_2));

        assertThat(spec.slots(RequestKind.XHR)).hasSize(3);
    }

    @Test
    void everyKindFallsBackToNavigation() {
        for (RequestKind kind : RequestKind.values()) {
            RequestKind last = kind;
            for (int i = 0; i < RequestKind.values().length; i++) {
                last = last.fallback();
            }
            assertThat(last).isEqualTo(RequestKind.NAVIGATION);
        }
    }

    @Test
    void literalRulesGoByNameAndLength() {
        LiteralRule rule = new LiteralRule("cookie", 20, Literal.NEVER_INDEXED, false);

        assertThat(rule.matches("cookie", 19)).isTrue();
        assertThat(rule.matches("cookie", 20)).isFalse();
        assertThat(rule.matches("set-cookie", 1)).isFalse();
    }

    private static Arguments refusal(ThrowingCallable construction, String problem) {
        return Arguments.of(construction, problem);
    }

    private static ClientHelloSpec hello(int recordVersion, int sessionIdLength, ExtensionSpec... extensions) {
        return new ClientHelloSpec(
                recordVersion, sessionIdLength, List.of(0x1301), List.of(extensions), ExtensionOrder.FIXED);
    }

    private static Http2Spec http2(int firstStreamId, List<String> pseudoHeaders) {
        return new Http2Spec(
                List.of(),
                0,
                List.of(),
                firstStreamId,
                0,
                true,
                pseudoHeaders,
                Map.of(),
                new HpackSpec(HpackSpec.Huffman.ALWAYS, HpackSpec.NameIndex.LOWEST, List.of(), true, false, false),
                new Http2Spec.WindowRefill(1, 0),
                new Http2Spec.WindowRefill(1, 0));
    }

    private static HeaderSpec headers(HeaderSlot... slots) {
        return new HeaderSpec("A", Map.of(RequestKind.NAVIGATION, List.of(slots)));
    }

    private static BrowserProfile profile(String name, String source) {
        return new BrowserProfile(
                name,
                source,
                hello(0x0301, 32),
                http2(1, List.of(":method", ":path", ":authority", ":scheme")),
                headers(new HeaderSlot.Others()));
    }
}
