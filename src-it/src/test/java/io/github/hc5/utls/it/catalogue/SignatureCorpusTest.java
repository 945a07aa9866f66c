package io.github.hc5.utls.it.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloMessage.KeyShare;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.Grease;
import io.github.hc5.utls.fingerprint.Ja3n;
import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.catalogue.SignatureEntry.Extension;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.samples.mirror.RecordedConnection;
import io.github.hc5.utls.samples.mirror.RecordedFrame;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For each of the 43 recorded browser versions: what a server receives from our client equals the record in every field
 * that it has. Where it cannot, this test says why.
 */
class SignatureCorpusTest {

    private static final int PADDING = 21;
    private static final int PRE_SHARED_KEY = 41;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xFE0D;

    /** Recorded in resumed sessions; ours is a fresh one, and a profile describes fresh ones. */
    private static final Set<String> RECORDED_RESUMED =
            Set.of("chrome_119.0.6045.199_macOS", "chrome_120.0.6099.109_macOS");

    /**
     * The record says "?0" beside a User-Agent with Mobile in it. Chrome sends "?1" exactly when its User-Agent says
     * Mobile, and a server that compares the two would find us out.
     */
    private static final Map<String, Map<String, String>> CORRECTED_HEADERS =
            Map.of("chrome_131.0.6778.81_android", Map.of("sec-ch-ua-mobile", "?1"));

    /** What the third party says of these is copied from chrome_131.0.6778.86, whose User-Agent stands there too. */
    private static final Set<String> THIRD_PARTY_OF_ANOTHER =
            Set.of("chrome_131.0.6778.81_android", "chrome_133.0.6943.55");

    private static MirrorServer mirror;

    @BeforeAll
    static void start() throws Exception {
        mirror = MirrorServer.start(MirrorSettings.defaults());
    }

    @AfterAll
    static void stop() {
        mirror.close();
    }

    static Stream<SignatureEntry> entries() {
        return SignatureEntry.all();
    }

    @Test
    void everyEntryHasAProfileOfItsOwn() {
        assertThat(entries()).hasSize(43);
        assertThat(entries().map(SignatureEntry::profile)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void serverReceivesWhatIsRecorded(SignatureEntry entry) throws Exception {
        RecordedConnection connection = MirrorVisit.get(mirror, BrowserProfiles.find(entry.profile()));
        ClientHelloMessage hello =
                ClientHelloParser.parse(connection.clientHellos().get(0).toByteArray());

        assertHello(entry, hello);
        assertFrames(entry, connection.frames());
        if (entry.thirdParty().isPresent()) {
            assertThirdParty(entry, entry.thirdParty().get(), hello, connection);
        }
    }

    private static void assertHello(SignatureEntry entry, ClientHelloMessage hello) {
        assertThat(hello.recordVersion()).isEqualTo(entry.number("record_version"));
        assertThat(hello.legacyVersion()).isEqualTo(entry.number("handshake_version"));
        assertThat(hello.sessionId().length()).isEqualTo(entry.number("session_id_length"));
        assertThat(hello.compressionMethods()).isEqualTo(entry.integers("comp_methods"));
        assertThat(withoutValues(hello.cipherSuites())).isEqualTo(entry.integers("ciphersuites"));
        assertExtensionOrder(entry, hello);
        List<Octets> grease = new ArrayList<>();
        for (ClientHelloMessage.Extension extension : hello.extensions()) {
            if (Grease.isGrease(extension.type())) {
                grease.add(extension.body());
            }
        }
        int nextGrease = 0;
        for (Extension extension : entry.extensions()) {
            if (extension.type() == Grease.PLACEHOLDER) {
                assertGrease(extension, grease.get(nextGrease++));
            } else if (extension.type() != PADDING && extension.type() != PRE_SHARED_KEY) {
                assertContent(extension, hello);
            }
        }
    }

    private static void assertGrease(Extension recorded, Octets body) {
        assertThat(body.length()).isEqualTo(recorded.facts().path("length").asInt());
        if (recorded.facts().has("data")) {
            assertThat(HexFormat.of().formatHex(body.toByteArray()))
                    .isEqualTo(recorded.facts().path("data").asText());
        }
    }

    /** Whether padding is there depends on the length of the server's name and of the ECH payload, in the record as here. */
    private static void assertExtensionOrder(SignatureEntry entry, ClientHelloMessage hello) {
        List<Integer> recorded = entry.extensions().stream()
                .map(Extension::type)
                .filter(type -> type != PADDING && type != PRE_SHARED_KEY)
                .toList();
        List<Integer> sent = withoutValues(hello.extensionTypes());
        int padding = sent.indexOf(PADDING);
        if (padding >= 0) {
            assertThat(padding).as("padding comes last").isEqualTo(sent.size() - 1);
            sent = sent.subList(0, padding);
        }
        assertThat(entry.extensions().stream().anyMatch(extension -> extension.type() == PRE_SHARED_KEY))
                .isEqualTo(RECORDED_RESUMED.contains(entry.id()));
        if (entry.permuted()) {
            assertThat(sent).containsExactlyInAnyOrderElementsOf(recorded);
            assertThat(sent.get(0)).isEqualTo(Grease.PLACEHOLDER);
            assertThat(sent.get(sent.size() - 1)).isEqualTo(Grease.PLACEHOLDER);
        } else {
            assertThat(sent).isEqualTo(recorded);
        }
    }

    private static void assertContent(Extension recorded, ClientHelloMessage hello) {
        JsonNode facts = recorded.facts();
        ClientHelloMessage.Extension sent = hello.extension(recorded.type()).orElseThrow();
        if (facts.has("length") && recorded.type() != ENCRYPTED_CLIENT_HELLO) { // whose length is recorded as 0
            assertThat(sent.body().length())
                    .as("length of %s", recorded.type())
                    .isEqualTo(facts.path("length").asInt());
        }
        if (facts.has("supported_groups")) {
            assertThat(withoutValues(hello.groups())).isEqualTo(recorded.integers("supported_groups"));
        }
        if (facts.has("ec_point_formats")) {
            assertThat(hello.pointFormats()).isEqualTo(recorded.integers("ec_point_formats"));
        }
        if (facts.has("sig_hash_algs")) {
            List<Integer> schemes = recorded.type() == 34 ? hello.delegatedCredentials() : hello.signatureAlgorithms();
            assertThat(withoutValues(schemes)).isEqualTo(recorded.integers("sig_hash_algs"));
        }
        if (facts.has("key_shares")) {
            assertKeyShares(facts.path("key_shares"), hello.keyShares());
        }
        if (facts.has("psk_ke_mode")) {
            assertThat(hello.pskKeyExchangeModes())
                    .containsExactly(facts.path("psk_ke_mode").asInt());
        }
        if (facts.has("algorithms")) {
            assertThat(hello.compressCertificate()).isEqualTo(recorded.integers("algorithms"));
        }
        if (facts.has("record_size_limit")) {
            assertThat(hello.recordSizeLimit())
                    .hasValue(facts.path("record_size_limit").asInt());
        }
        if (facts.has("status_request_type")) {
            assertThat((int) sent.body().toByteArray()[0])
                    .isEqualTo(facts.path("status_request_type").asInt());
        }
        if (facts.has("supported_versions")) {
            assertThat(withoutValues(hello.supportedVersions())).isEqualTo(recorded.integers("supported_versions"));
        }
        if (facts.has("protocols")) {
            List<String> names = recorded.type() == 16
                    ? hello.alpn()
                    : hello.alps().orElseThrow().protocols();
            assertThat(names).isEqualTo(SignatureEntry.strings(facts.path("protocols")));
        }
    }

    private static void assertKeyShares(JsonNode recorded, List<KeyShare> sent) {
        assertThat(withoutValues(sent.stream().map(KeyShare::group).toList()))
                .isEqualTo(recorded.findValues("group").stream()
                        .map(group -> group.isTextual() ? Grease.PLACEHOLDER : group.asInt())
                        .toList());
        assertThat(sent.stream().map(share -> share.key().length()).toList())
                .isEqualTo(recorded.findValues("length").stream()
                        .map(JsonNode::asInt)
                        .toList());
    }

    private static void assertFrames(SignatureEntry entry, List<RecordedFrame> frames) {
        List<RecordedFrame> sent = frames.stream()
                .filter(frame -> !(frame instanceof RecordedFrame.SettingsAck))
                .toList();
        RecordedFrame.Headers headers = sent.stream()
                .filter(RecordedFrame.Headers.class::isInstance)
                .map(RecordedFrame.Headers.class::cast)
                .findFirst()
                .orElseThrow();
        JsonNode recorded = entry.frame("HEADERS").orElseThrow();
        assertThat(headers.pseudo()).isEqualTo(SignatureEntry.strings(recorded.path("pseudo_headers")));
        assertThat(headers.headers().stream()
                        .map(field -> field.get(0) + ": " + field.get(1))
                        .filter(field -> !field.startsWith(":")))
                .isEqualTo(headers(entry, recorded));
        if (recorded.has("stream_id")) {
            assertThat(headers.head().streamId())
                    .isEqualTo(recorded.path("stream_id").asInt());
        }
        if (entry.frame("SETTINGS").isPresent()) { // the older records have no frames but HEADERS
            List<String> types = entry.frames().stream()
                    .map(frame -> frame.path("frame_type").asText())
                    .toList();
            assertThat(sent.stream().map(frame -> frame.head().type()).limit(types.size()))
                    .isEqualTo(types);
            assertOpening(entry, sent);
        }
    }

    private static void assertOpening(SignatureEntry entry, List<RecordedFrame> sent) {
        RecordedFrame.Settings settings = (RecordedFrame.Settings) sent.get(0);
        RecordedFrame.WindowUpdate window = (RecordedFrame.WindowUpdate) sent.get(1);
        JsonNode recorded = entry.frame("SETTINGS").orElseThrow();
        JsonNode update = entry.frame("WINDOW_UPDATE").orElseThrow();
        assertThat(settings.head().streamId())
                .isEqualTo(recorded.path("stream_id").asInt());
        assertThat(settings.settings().stream().map(setting -> "[" + setting.id() + "," + setting.value() + "]"))
                .isEqualTo(SignatureEntry.elements(recorded.path("settings")));
        assertThat(window.head().streamId()).isEqualTo(update.path("stream_id").asInt());
        assertThat(window.increment())
                .isEqualTo(update.path("window_size_increment").asLong());
    }

    private static List<String> headers(SignatureEntry entry, JsonNode recorded) {
        Map<String, String> corrected = CORRECTED_HEADERS.getOrDefault(entry.id(), Map.of());
        List<String> headers = new ArrayList<>();
        for (String header : SignatureEntry.strings(recorded.path("headers"))) {
            String name = header.substring(0, header.indexOf(':'));
            if (corrected.containsKey(name)) {
                String ours = name + ": " + corrected.get(name);
                assertThat(ours).as("a correction that is none").isNotEqualTo(header);
                headers.add(ours);
            } else {
                headers.add(header);
            }
        }
        return headers;
    }

    private static void assertThirdParty(
            SignatureEntry entry, JsonNode thirdParty, ClientHelloMessage hello, RecordedConnection connection) {
        assertThat(connection.akamai()).isEqualTo(thirdParty.path("akamai_text").asText());
        String ja3n = withoutPadding(Ja3n.of(hello).toString());
        String recorded = withoutPadding(thirdParty.path("ja3n_text").asText());
        if (THIRD_PARTY_OF_ANOTHER.contains(entry.id())) {
            assertThat(ja3n).isNotEqualTo(recorded);
            assertThat(thirdParty.path("user_agent").asText())
                    .contains("Macintosh", "Chrome/131")
                    .isNotEqualTo(
                            BrowserProfiles.find(entry.profile()).headers().userAgent());
        } else {
            assertThat(ja3n).isEqualTo(recorded);
            assertThat(BrowserProfiles.find(entry.profile()).headers().userAgent())
                    .isEqualTo(thirdParty.path("user_agent").asText());
        }
    }

    private static String withoutPadding(String ja3n) {
        return ja3n.replace("-" + PADDING + "-", "-");
    }

    private static List<Integer> withoutValues(List<Integer> codePoints) {
        return codePoints.stream()
                .map(codePoint -> Grease.isGrease(codePoint) ? Grease.PLACEHOLDER : codePoint)
                .toList();
    }
}
