package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.hc5.utls.fingerprint.Facts.CapturedHello;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads the hellos of real browsers and finds in them what an independent reader found. */
class CapturedHelloTest {

    static Stream<CapturedHello> hellos() {
        return Facts.capturedHellos();
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void readsTheFixedFields(CapturedHello captured) {
        JsonNode fields = captured.fields();
        ClientHelloMessage hello = ClientHelloParser.parse(captured.records());

        assertThat(hello.recordVersion())
                .isEqualTo(Integer.parseInt(fields.path("record_version").asText(), 16));
        assertThat(hello.legacyVersion())
                .isEqualTo(Integer.parseInt(fields.path("legacy_version").asText(), 16));
        assertThat(hello.wireLength()).isEqualTo(captured.records().length);
        assertThat(hello.random().toHex()).isEqualTo(fields.path("random").asText());
        assertThat(hello.sessionId().length())
                .isEqualTo(fields.path("session_id_length").asInt());
        assertThat(hello.cipherSuites()).isEqualTo(Facts.integers(fields.path("ciphers")));
        assertThat(hello.compressionMethods()).isEqualTo(Facts.integers(fields.path("comp_methods")));
        assertThat(hello.extensionTypes()).isEqualTo(Facts.integers(fields.path("extension_types")));
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void decodesTheExtensions(CapturedHello captured) {
        JsonNode fields = captured.fields();
        ClientHelloMessage hello = ClientHelloParser.parse(captured.records());

        assertThat(hello.serverName().orElse("null"))
                .isEqualTo(fields.path("sni").asText("null"));
        assertThat(hello.groups()).isEqualTo(Facts.integers(fields.path("groups")));
        assertThat(hello.pointFormats()).isEqualTo(Facts.integers(fields.path("point_formats")));
        assertThat(hello.signatureAlgorithms()).isEqualTo(Facts.integers(fields.path("sig_algs")));
        assertThat(hello.delegatedCredentials()).isEqualTo(Facts.integers(fields.path("delegated_credentials")));
        assertThat(hello.alpn()).isEqualTo(Facts.strings(fields.path("alpn")));
        assertThat(hello.supportedVersions()).isEqualTo(Facts.integers(fields.path("supported_versions")));
        assertThat(hello.compressCertificate()).isEqualTo(Facts.integers(fields.path("compress_cert")));
        assertThat(hello.pskKeyExchangeModes()).isEqualTo(Facts.integers(fields.path("psk_modes")));
        assertThat(hello.recordSizeLimit().orElse(0))
                .isEqualTo(fields.path("record_size_limit").asInt(0));
        assertThat(hello.keyShares().stream().map(ClientHelloMessage.KeyShare::group))
                .isEqualTo(fields.path("key_shares").findValues("group").stream()
                        .map(JsonNode::asInt)
                        .toList());
        assertThat(hello.keyShares().stream().map(share -> share.key().length()))
                .isEqualTo(fields.path("key_shares").findValues("length").stream()
                        .map(JsonNode::asInt)
                        .toList());
        assertThat(hello.alps().map(ClientHelloMessage.Alps::type).orElse(0))
                .isEqualTo(fields.path("alps").path("codepoint").asInt(0));
        assertThat(hello.alps().map(ClientHelloMessage.Alps::protocols).orElse(List.of()))
                .isEqualTo(Facts.strings(fields.path("alps").path("protos")));
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void decodesTheShapeOfEchAndOfPreSharedKeys(CapturedHello captured) {
        JsonNode fields = captured.fields();
        ClientHelloMessage hello = ClientHelloParser.parse(captured.records());

        ClientHelloMessage.EchOffer ech = hello.encryptedClientHello().orElseThrow();
        assertThat(ech.inner()).isFalse();
        assertThat(ech.kdf()).isEqualTo(fields.path("ech").path("kdf").asInt());
        assertThat(ech.aead()).isEqualTo(fields.path("ech").path("aead").asInt());
        assertThat(ech.configId())
                .isEqualTo(fields.path("ech").path("config_id").asInt());
        assertThat(ech.encapsulatedKey().length())
                .isEqualTo(fields.path("ech").path("enc_len").asInt());
        assertThat(ech.payload().length())
                .isEqualTo(fields.path("ech").path("payload_len").asInt());
        assertThat(hello.preSharedKeys().isPresent()).isEqualTo(fields.has("psk"));
        hello.preSharedKeys()
                .ifPresent(keys -> assertThat(keys.identityLengths())
                        .isEqualTo(fields.path("psk").path("identities").findValues("len").stream()
                                .map(JsonNode::asInt)
                                .toList()));
        assertThat(hello.cookie()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void computesTheFingerprints(CapturedHello captured) {
        JsonNode fields = captured.fields();
        ClientHelloMessage hello = ClientHelloParser.parse(captured.records());

        assertThat(Ja3.of(hello).hash()).isEqualTo(fields.path("ja3_hash").asText());
        assertThat(Ja3n.of(hello).hash()).isEqualTo(fields.path("ja3n_hash").asText());
        assertThat(Ja4.of(hello).toString()).isEqualTo(fields.path("ja4").asText());
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void readsTheSameFromManyRecords(CapturedHello captured) {
        ClientHelloMessage whole = ClientHelloParser.parse(captured.records());
        byte[] message = Arrays.copyOfRange(captured.records(), 5, captured.records().length);

        for (int fragment : new int[] {1, 3, 4, 5, 512}) {
            ClientHelloMessage hello = ClientHelloParser.parse(HelloBytes.records(message, fragment));
            assertThat(hello.extensions()).isEqualTo(whole.extensions());
            assertThat(Ja4.of(hello)).isEqualTo(Ja4.of(whole));
        }
    }
}
