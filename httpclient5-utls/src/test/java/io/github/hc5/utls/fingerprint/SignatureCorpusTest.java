package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Computes the fingerprints of 43 browser versions, from bytes and from a profile's specification. */
class SignatureCorpusTest {

    static Stream<Named<JsonNode>> signatures() {
        return Facts.signatures().map(node -> Named.of(node.path("id").asText(), node));
    }

    static Stream<Named<JsonNode>> signaturesWithHttp2() {
        return signatures().filter(named -> named.getPayload().path("expected").has("akamai"));
    }

    static Stream<Named<JsonNode>> signaturesOfFreshConnections() {
        return signatures()
                .filter(named ->
                        !Facts.integers(named.getPayload().path("extensions")).contains(ExtensionSpec.PRE_SHARED_KEY));
    }

    @Test
    void hasAllEntries() {
        assertThat(signatures()).hasSize(43);
        assertThat(signaturesWithHttp2()).hasSize(29);
        assertThat(signaturesOfFreshConnections()).hasSize(41);
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void receivedHelloHasTheFingerprints(JsonNode signature) {
        ClientHelloMessage hello = ClientHelloParser.parse(hello(signature));
        JsonNode expected = signature.path("expected");

        assertThat(Ja3n.of(hello)).hasToString(expected.path("ja3n").asText());
        assertThat(Ja3n.of(hello).hash()).isEqualTo(expected.path("ja3n_hash").asText());
        assertThat(Ja4.of(hello)).hasToString(expected.path("ja4").asText());
        assertThat(Ja4.of(hello).raw()).isEqualTo(expected.path("ja4_r").asText());
        if (expected.has("ja3")) {
            assertThat(Ja3.of(hello)).hasToString(expected.path("ja3").asText());
            assertThat(Ja3.of(hello).hash()).isEqualTo(expected.path("ja3_hash").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("signaturesOfFreshConnections")
    void specificationHasTheFingerprints(JsonNode signature) {
        ClientHelloSpec spec = spec(signature);
        JsonNode expected = signature.path("expected");

        assertThat(Ja3n.of(spec)).hasToString(expected.path("ja3n").asText());
        assertThat(Ja4.of(spec)).hasToString(expected.path("ja4").asText());
        assertThat(Ja4.of(spec).raw()).isEqualTo(expected.path("ja4_r").asText());
        if (expected.has("ja3")) {
            assertThat(Ja3.of(spec)).hasToString(expected.path("ja3").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("signaturesWithHttp2")
    void framesHaveTheAkamaiFingerprint(JsonNode signature) {
        String expected = signature.path("expected").path("akamai").asText();
        List<Setting> settings = StreamSupport.stream(signature.path("settings").spliterator(), false)
                .map(pair -> new Setting(pair.get(0).asInt(), pair.get(1).asLong()))
                .toList();
        AkamaiFingerprint fingerprint = new AkamaiFingerprint(
                settings,
                signature.path("window_update").asInt(),
                List.of(),
                Facts.strings(signature.path("pseudo_headers")).stream()
                        .map(name -> name.substring(1, 2))
                        .toList());

        assertThat(fingerprint).hasToString(expected);
        assertThat(fingerprint.hash())
                .isEqualTo(signature.path("expected").path("akamai_md5").asText());
        assertThat(AkamaiFingerprint.parse(expected)).isEqualTo(fingerprint);
    }

    private static byte[] hello(JsonNode signature) {
        HelloBytes bytes = new HelloBytes()
                .cipherSuites(Facts.integers(signature.path("ciphers")))
                .sessionIdLength(signature.path("session_id_length").asInt());
        for (ExtensionSpec extension : extensions(signature)) {
            bytes.extension(extension.type(), body(extension));
        }
        if (Facts.integers(signature.path("extensions")).contains(ExtensionSpec.PRE_SHARED_KEY)) {
            bytes.extension(ExtensionSpec.PRE_SHARED_KEY, "000700010000000000" + "002120" + "00".repeat(32));
        }
        return bytes.records();
    }

    private static ClientHelloSpec spec(JsonNode signature) {
        return new ClientHelloSpec(
                0x0301,
                signature.path("session_id_length").asInt(),
                Facts.integers(signature.path("ciphers")),
                extensions(signature),
                ClientHelloSpec.ExtensionOrder.FIXED);
    }

    private static List<ExtensionSpec> extensions(JsonNode signature) {
        List<ExtensionSpec> extensions = new ArrayList<>();
        for (int type : Facts.integers(signature.path("extensions"))) {
            if (type != ExtensionSpec.PRE_SHARED_KEY) {
                extensions.add(extension(type, signature));
            }
        }
        return extensions;
    }

    private static ExtensionSpec extension(int type, JsonNode signature) {
        return switch (type) {
            case Grease.PLACEHOLDER -> new ExtensionSpec.GreaseExtension(Octets.empty());
            case ExtensionSpec.SERVER_NAME -> new ExtensionSpec.ServerName();
            case ExtensionSpec.STATUS_REQUEST -> new ExtensionSpec.StatusRequest();
            case ExtensionSpec.SUPPORTED_GROUPS ->
                new ExtensionSpec.SupportedGroups(Facts.integers(signature.path("groups")));
            case ExtensionSpec.EC_POINT_FORMATS ->
                new ExtensionSpec.EcPointFormats(Facts.integers(signature.path("point_formats")));
            case ExtensionSpec.SIGNATURE_ALGORITHMS ->
                new ExtensionSpec.SignatureAlgorithms(Facts.integers(signature.path("sig_algs")));
            case ExtensionSpec.ALPN -> new ExtensionSpec.ApplicationProtocols(Facts.strings(signature.path("alpn")));
            case ExtensionSpec.SIGNED_CERTIFICATE_TIMESTAMP -> new ExtensionSpec.SignedCertificateTimestamp();
            case ExtensionSpec.PADDING -> new ExtensionSpec.Padding();
            case ExtensionSpec.EXTENDED_MASTER_SECRET -> new ExtensionSpec.ExtendedMasterSecret();
            case ExtensionSpec.COMPRESS_CERTIFICATE -> new ExtensionSpec.CompressCertificate(List.of(2));
            case ExtensionSpec.RECORD_SIZE_LIMIT -> new ExtensionSpec.RecordSizeLimit(16385);
            case ExtensionSpec.DELEGATED_CREDENTIALS -> new ExtensionSpec.DelegatedCredentials(List.of(0x0403));
            case ExtensionSpec.SESSION_TICKET -> new ExtensionSpec.SessionTicket();
            case ExtensionSpec.SUPPORTED_VERSIONS ->
                new ExtensionSpec.SupportedVersions(Facts.strings(signature.path("versions")).stream()
                        .map(SignatureCorpusTest::version)
                        .toList());
            case ExtensionSpec.PSK_KEY_EXCHANGE_MODES -> new ExtensionSpec.PskKeyExchangeModes(List.of(1));
            case ExtensionSpec.KEY_SHARE ->
                new ExtensionSpec.KeyShares(
                        signature.path("key_shares").findValues("group").stream()
                                .map(node -> node.isTextual() ? Grease.PLACEHOLDER : node.asInt())
                                .toList(),
                        false);
            case ExtensionSpec.APPLICATION_SETTINGS_OLD, ExtensionSpec.APPLICATION_SETTINGS ->
                new ExtensionSpec.ApplicationSettings(type, List.of("h2"));
            case ExtensionSpec.ENCRYPTED_CLIENT_HELLO ->
                new ExtensionSpec.EncryptedClientHelloGrease(1, List.of(1), 32, List.of(144));
            case ExtensionSpec.RENEGOTIATION_INFO -> new ExtensionSpec.RenegotiationInfo();
            default -> throw new AssertionError("extension " + type);
        };
    }

    private static int version(String name) {
        return name.equals("GREASE") ? Grease.PLACEHOLDER : 0x0301 + "0123".indexOf(name.charAt(name.length() - 1));
    }

    private static byte[] body(ExtensionSpec extension) {
        if (extension instanceof ExtensionSpec.ServerName) {
            return HelloBytes.vector16(HelloBytes.concat(
                    new byte[1], HelloBytes.vector16("example.org".getBytes(StandardCharsets.US_ASCII))));
        } else if (extension instanceof ExtensionSpec.SupportedGroups groups) {
            return HelloBytes.vector16(HelloBytes.u16s(groups.groups()));
        } else if (extension instanceof ExtensionSpec.EcPointFormats formats) {
            return HelloBytes.vector8(HelloBytes.u8s(formats.formats()));
        } else if (extension instanceof ExtensionSpec.SignatureAlgorithms algorithms) {
            return HelloBytes.vector16(HelloBytes.u16s(algorithms.schemes()));
        } else if (extension instanceof ExtensionSpec.ApplicationProtocols alpn) {
            return HelloBytes.protocols(alpn.protocols());
        } else if (extension instanceof ExtensionSpec.SupportedVersions versions) {
            return HelloBytes.vector8(HelloBytes.u16s(versions.versions()));
        } else if (extension instanceof ExtensionSpec.CompressCertificate algorithms) {
            return HelloBytes.vector8(HelloBytes.u16s(algorithms.algorithms()));
        } else if (extension instanceof ExtensionSpec.DelegatedCredentials algorithms) {
            return HelloBytes.vector16(HelloBytes.u16s(algorithms.schemes()));
        } else if (extension instanceof ExtensionSpec.PskKeyExchangeModes modes) {
            return HelloBytes.vector8(HelloBytes.u8s(modes.modes()));
        } else if (extension instanceof ExtensionSpec.RecordSizeLimit limit) {
            return HelloBytes.u16(limit.limit());
        } else if (extension instanceof ExtensionSpec.ApplicationSettings settings) {
            return HelloBytes.protocols(settings.protocols());
        } else if (extension instanceof ExtensionSpec.KeyShares shares) {
            return HelloBytes.vector16(HelloBytes.concat(shares.groups().stream()
                    .map(group -> HelloBytes.concat(HelloBytes.u16(group), HelloBytes.vector16(new byte[1])))
                    .toArray(byte[][]::new)));
        } else if (extension instanceof ExtensionSpec.EncryptedClientHelloGrease ech) {
            return HelloBytes.concat(
                    new byte[] {0, 0, 1, 0, 1, 7},
                    HelloBytes.vector16(new byte[ech.encapsulatedLength()]),
                    HelloBytes.vector16(new byte[ech.payloadLengths().get(0)]));
        }
        return new byte[0];
    }
}
