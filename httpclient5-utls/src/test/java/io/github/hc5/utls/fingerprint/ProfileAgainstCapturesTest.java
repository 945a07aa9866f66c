package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.hc5.utls.fingerprint.Facts.CapturedHello;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import io.github.hc5.utls.fingerprint.Http2Spec.StreamPriority;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The profile files say what the real browsers sent, field by field. */
class ProfileAgainstCapturesTest {

    /** The hellos of fresh connections, first and second; those of resumed sessions have fields of the ticket. */
    static Stream<CapturedHello> hellos() {
        return Facts.capturedHellos().filter(hello -> !hello.name().contains("resumed"));
    }

    static Stream<Named<JsonNode>> requests() {
        return Facts.capturedRequests()
                .map(node -> Named.of(
                        node.path("profile").asText() + " " + node.path("name").asText(), node));
    }

    static Stream<Named<JsonNode>> connections() {
        return Facts.capturedConnections()
                .map(node -> Named.of(node.path("profile").asText(), node));
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void helloHasTheProfilesFields(CapturedHello captured) {
        ClientHelloSpec spec = profile(captured).hello();
        ClientHelloMessage hello = ClientHelloParser.parse(captured.records());
        boolean second = hello.keyShares().size() == 1;

        assertThat(hello.recordVersion()).isEqualTo(second ? 0x0303 : spec.recordVersion());
        assertThat(hello.legacyVersion()).isEqualTo(ClientHelloSpec.LEGACY_VERSION);
        assertThat(hello.sessionId().length()).isEqualTo(spec.sessionIdLength());
        assertThat(placeholders(hello.cipherSuites())).isEqualTo(spec.cipherSuites());
        assertThat(placeholders(hello.groups()))
                .isEqualTo(spec(captured, ExtensionSpec.SupportedGroups.class).groups());
        assertThat(hello.pointFormats())
                .isEqualTo(spec(captured, ExtensionSpec.EcPointFormats.class).formats());
        assertThat(placeholders(hello.signatureAlgorithms()))
                .isEqualTo(
                        spec(captured, ExtensionSpec.SignatureAlgorithms.class).schemes());
        assertThat(placeholders(hello.supportedVersions()))
                .isEqualTo(spec(captured, ExtensionSpec.SupportedVersions.class).versions());
        assertThat(hello.compressCertificate())
                .isEqualTo(
                        spec(captured, ExtensionSpec.CompressCertificate.class).algorithms());
        assertThat(hello.pskKeyExchangeModes())
                .isEqualTo(
                        spec(captured, ExtensionSpec.PskKeyExchangeModes.class).modes());
        if (!second) {
            assertThat(hello.keyShares().stream()
                            .map(share -> placeholder(share.group()))
                            .toList())
                    .isEqualTo(spec(captured, ExtensionSpec.KeyShares.class).groups());
        }
        assertThat(hello.alpn())
                .isEqualTo(
                        spec(captured, ExtensionSpec.ApplicationProtocols.class).protocols());
        assertThat(hello.alps().map(alps -> new ExtensionSpec.ApplicationSettings(alps.type(), alps.protocols())))
                .isEqualTo(spec.extension(ExtensionSpec.ApplicationSettings.class));
        assertThat(hello.recordSizeLimit().stream().boxed().findFirst())
                .isEqualTo(
                        spec.extension(ExtensionSpec.RecordSizeLimit.class).map(ExtensionSpec.RecordSizeLimit::limit));
        assertThat(hello.delegatedCredentials())
                .isEqualTo(spec.extension(ExtensionSpec.DelegatedCredentials.class)
                        .map(ExtensionSpec.DelegatedCredentials::schemes)
                        .orElse(List.of()));
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void helloHasTheProfilesExtensionsInTheProfilesOrder(CapturedHello captured) {
        ClientHelloSpec spec = profile(captured).hello();
        ClientHelloMessage hello = ClientHelloParser.parse(captured.records());
        List<Integer> sent = placeholders(hello.extensionTypes());
        List<Integer> expected = spec.extensions().stream()
                .map(ExtensionSpec::type)
                .filter(type -> type != ExtensionSpec.COOKIE)
                .filter(type ->
                        type != ExtensionSpec.SERVER_NAME || hello.serverName().isPresent())
                .toList();

        if (spec.order() == ClientHelloSpec.ExtensionOrder.FIXED) {
            assertThat(sent).isEqualTo(expected);
        } else {
            assertThat(sent).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(sent.indexOf(Grease.PLACEHOLDER)).isEqualTo(expected.indexOf(Grease.PLACEHOLDER));
            assertThat(sent.lastIndexOf(Grease.PLACEHOLDER)).isEqualTo(expected.lastIndexOf(Grease.PLACEHOLDER));
        }
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void helloHasTheProfilesOpaqueBodiesAndEchShape(CapturedHello captured) {
        ClientHelloMessage hello = ClientHelloParser.parse(captured.records());
        ExtensionSpec.EncryptedClientHelloGrease ech = spec(captured, ExtensionSpec.EncryptedClientHelloGrease.class);
        ClientHelloMessage.EchOffer offer = hello.encryptedClientHello().orElseThrow();
        List<Octets> greaseBodies = new ArrayList<>();
        for (ClientHelloMessage.Extension extension : hello.extensions()) {
            if (Grease.isGrease(extension.type())) {
                greaseBodies.add(extension.body());
            }
        }

        assertThat(offer.kdf()).isEqualTo(ech.kdf());
        assertThat(ech.aeads()).contains(offer.aead());
        assertThat(offer.encapsulatedKey().length()).isEqualTo(ech.encapsulatedLength());
        assertThat(ech.payloadLengths()).contains(offer.payload().length());
        for (ExtensionSpec extension : profile(captured).hello().extensions()) {
            if (extension instanceof ExtensionSpec.Opaque opaque) {
                assertThat(hello.extension(opaque.type()).orElseThrow().body()).isEqualTo(opaque.body());
            } else if (extension instanceof ExtensionSpec.GreaseExtension grease) {
                assertThat(greaseBodies.remove(0)).isEqualTo(grease.body());
            }
        }
        assertThat(greaseBodies).isEmpty();
        assertThat(hello.extension(ExtensionSpec.STATUS_REQUEST).orElseThrow().body())
                .hasToString("0100000000");
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void x25519KeysAreSharedAsTheProfileSays(CapturedHello captured) {
        ClientHelloMessage hello = ClientHelloParser.parse(captured.records());
        Map<Integer, Octets> keys = new LinkedHashMap<>();
        hello.keyShares().forEach(share -> keys.put(share.group(), share.key()));
        Octets hybrid = keys.get(0x11EC);
        Octets plain = keys.get(0x001D);
        if (hybrid == null || plain == null) {
            assertThat(hello.keyShares()).as("a second hello has one share").hasSize(1);
            return;
        }

        assertThat(hybrid.toHex().endsWith(plain.toHex()))
                .isEqualTo(spec(captured, ExtensionSpec.KeyShares.class).sharedX25519());
    }

    @ParameterizedTest
    @MethodSource("connections")
    void connectionStartsAsTheProfileSays(JsonNode captured) {
        Http2Spec spec = BrowserProfiles.find(captured.path("profile").asText()).http2();

        assertThat(spec.settings())
                .isEqualTo(StreamSupport.stream(captured.path("settings").spliterator(), false)
                        .map(pair ->
                                new Setting(pair.get(0).asInt(), pair.get(1).asLong()))
                        .toList());
        assertThat(spec.connectionWindowIncrement())
                .isEqualTo(captured.path("window_update").asInt());
        assertThat(spec.firstStreamId())
                .isEqualTo(captured.path("first_stream_id").asInt());
        assertThat(spec.priorityFrames())
                .hasSize(captured.path("priority_frames").size());
        assertThat(spec.pseudoHeaders()).isEqualTo(Facts.strings(captured.path("pseudo_headers")));
        assertThat(new HashSet<>(Facts.integers(captured.path("stream_window_updates"))))
                .isEqualTo(
                        spec.streamWindowIncrement() == 0
                                ? new HashSet<>()
                                : new HashSet<>(List.of(spec.streamWindowIncrement())));
        assertThat(AkamaiFingerprint.of(spec))
                .hasToString(captured.path("akamai").asText());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestHasTheProfilesHeadersInOrder(JsonNode request) {
        BrowserProfile profile = BrowserProfiles.find(request.path("profile").asText());
        boolean http2 = request.path("protocol").asText().equals("h2");
        RequestKind kind = RequestKind.valueOf(request.path("kind").asText());
        List<Map.Entry<String, String>> captured = fields(request);

        assertThat(completed(profile.headers().slots(kind), captured, http2)).isEqualTo(captured);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestHasTheProfilesPriority(JsonNode request) {
        if (!request.has("priority")) {
            assertThat(request.path("protocol").asText()).isEqualTo("http/1.1");
            return;
        }
        RequestKind kind = RequestKind.valueOf(request.path("kind").asText());
        StreamPriority priority = BrowserProfiles.find(request.path("profile").asText())
                .http2()
                .priority(kind)
                .orElseThrow();

        assertThat(priority.weight())
                .isEqualTo(request.path("priority").path("weight").asInt());
        assertThat(priority.exclusive())
                .isEqualTo(request.path("priority").path("exclusive").asInt() == 1);
        if (priority.dependency() instanceof Http2Spec.Dependency.OnStream fixed) {
            assertThat(fixed.streamId())
                    .isEqualTo(request.path("priority").path("depends_on").asInt());
        }
    }

    /** What a browser sends for the request: its defaults, and what the capture shows of the supplied headers. */
    private static List<Map.Entry<String, String>> completed(
            List<HeaderSlot> slots, List<Map.Entry<String, String>> captured, boolean http2) {
        Map<String, String> values = new LinkedHashMap<>();
        captured.forEach(field -> values.put(HeaderNames.lower(field.getKey()), field.getValue()));
        List<String> named = slots.stream()
                .flatMap(slot -> name(slot).stream())
                .map(HeaderNames::lower)
                .toList();
        List<Map.Entry<String, String>> sent = new ArrayList<>();
        for (HeaderSlot slot : slots) {
            if (!slot.isOn(http2)) {
                continue;
            }
            if (slot instanceof HeaderSlot.Others) {
                captured.stream()
                        .filter(field -> !named.contains(HeaderNames.lower(field.getKey())))
                        .forEach(sent::add);
                continue;
            }
            String name = name(slot).orElseThrow();
            String shown = http2 ? HeaderNames.lower(name) : name;
            if (slot instanceof HeaderSlot.Default header) {
                sent.add(Map.entry(shown, header.value()));
            } else if (values.containsKey(HeaderNames.lower(name))) {
                sent.add(Map.entry(shown, values.get(HeaderNames.lower(name))));
            }
        }
        return sent;
    }

    private static Optional<String> name(HeaderSlot slot) {
        if (slot instanceof HeaderSlot.Default header) {
            return Optional.of(header.name());
        }
        return slot instanceof HeaderSlot.Supplied header ? Optional.of(header.name()) : Optional.empty();
    }

    /** The fields of a captured request, cookies joined, and Chromium's names replaced by Chrome's. */
    private static List<Map.Entry<String, String>> fields(JsonNode request) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (JsonNode pair : request.path("headers")) {
            String name = pair.get(0).asText();
            String value = pair.get(1).asText();
            if (name.startsWith(":")) {
                continue;
            }
            if (name.equalsIgnoreCase("sec-ch-ua")) {
                value += ", \"Google Chrome\";v=\"156\"";
            }
            int last = fields.size() - 1;
            if (name.equals("cookie") && fields.get(last).getKey().equals(name)) {
                value = fields.remove(last).getValue() + "; " + value;
            }
            fields.add(Map.entry(name, value.replace("HeadlessChrome", "Chrome")));
        }
        return fields;
    }

    private static BrowserProfile profile(CapturedHello captured) {
        return BrowserProfiles.find(captured.name().contains("firefox") ? "firefox-153" : "chrome-156");
    }

    private static <E extends ExtensionSpec> E spec(CapturedHello captured, Class<E> kind) {
        return profile(captured).hello().extension(kind).orElseThrow();
    }

    private static List<Integer> placeholders(List<Integer> values) {
        return values.stream().map(ProfileAgainstCapturesTest::placeholder).toList();
    }

    private static int placeholder(int value) {
        return Grease.isGrease(value) ? Grease.PLACEHOLDER : value;
    }
}
