package io.github.hc5.utls.it.interop;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the captures of a real browser's fresh hellos have in common, and by what they differ; -1 stands for GREASE.
 *
 * @param extensionOrder the order of the extensions, empty where it is drawn for each connection
 * @param keyShares group and key length of each share
 * @param fixedBodies the bodies of the extensions that never change, by type
 * @param helloLengthsWithoutName the lengths of the message's body less that of the host name
 */
record HelloFacts(
        @JsonProperty("record_version") int recordVersion,
        @JsonProperty("legacy_version") int legacyVersion,
        @JsonProperty("session_id_length") int sessionIdLength,
        @JsonProperty("compression_methods") List<Integer> compressionMethods,
        @JsonProperty("cipher_suites") List<Integer> cipherSuites,
        @JsonProperty("extension_set") List<Integer> extensionSet,
        @JsonProperty("extension_order") List<Integer> extensionOrder,
        @JsonProperty("grease_extension_bodies") List<String> greaseExtensionBodies,
        @JsonProperty("supported_groups") List<Integer> supportedGroups,
        @JsonProperty("key_shares") List<List<Integer>> keyShares,
        @JsonProperty("signature_algorithms") List<Integer> signatureAlgorithms,
        @JsonProperty("supported_versions") List<Integer> supportedVersions,
        @JsonProperty("fixed_bodies") Map<Integer, String> fixedBodies,
        @JsonProperty("ech") EchFacts ech,
        @JsonProperty("hello_lengths_without_name") List<Integer> helloLengthsWithoutName,
        @JsonProperty("ja3n") String ja3n,
        @JsonProperty("ja4") String ja4) {

    /** The shape of the ECH offer, which is GREASE. */
    record EchFacts(
            @JsonProperty("kdf") int kdf,
            @JsonProperty("aeads") List<Integer> aeads,
            @JsonProperty("encapsulated_length") int encapsulatedLength,
            @JsonProperty("payload_lengths") List<Integer> payloadLengths) {}

    static HelloFacts of(Browser browser) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                HelloFacts.class.getResourceAsStream("fresh-hellos.json"), "fresh-hellos.json")) {
            Map<String, HelloFacts> all = new ObjectMapper().readValue(in, new TypeReference<>() {});
            return Objects.requireNonNull(all.get(browser.profile().name()));
        }
    }
}
