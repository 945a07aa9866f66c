package io.github.hc5.utls.fingerprint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A hello's fields as a profile file writes them: keys and values in TOML, in the file's order. */
final class HelloText {

    private HelloText() {}

    /** The fields before the contents of the extensions. */
    static Map<String, String> fields(ClientHelloSpec spec) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("record_version", quoted(CodePoints.PROTOCOL_VERSION.nameOf(spec.recordVersion())));
        fields.put("session_id_length", String.valueOf(spec.sessionIdLength()));
        fields.put("cipher_suites", names(CodePoints.CIPHER_SUITE, spec.cipherSuites()));
        fields.put(
                "extension_order",
                spec.order() == ClientHelloSpec.ExtensionOrder.PERMUTED ? quoted("permuted") : quoted("fixed"));
        fields.put(
                "extensions",
                names(
                        CodePoints.EXTENSION,
                        spec.extensions().stream().map(ExtensionSpec::type).toList()));
        return fields;
    }

    /** The contents of the extensions that have any, by their keys; nested keys are joined by a dot. */
    static Map<String, String> contents(ClientHelloSpec spec) {
        Map<String, String> contents = new LinkedHashMap<>();
        List<Octets> grease = spec.extensions().stream()
                .filter(ExtensionSpec.GreaseExtension.class::isInstance)
                .map(extension -> ((ExtensionSpec.GreaseExtension) extension).body())
                .toList();
        if (!grease.isEmpty()) {
            contents.put(CodePoints.GREASE, array(grease, body -> quoted(body.toHex())));
        }
        spec.extensions().forEach(extension -> content(extension, contents));
        return contents;
    }

    private static void content(ExtensionSpec extension, Map<String, String> contents) {
        String name = CodePoints.EXTENSION.nameOf(extension.type());
        if (extension instanceof ExtensionSpec.SupportedGroups groups) {
            contents.put(name, names(CodePoints.NAMED_GROUP, groups.groups()));
        } else if (extension instanceof ExtensionSpec.EcPointFormats formats) {
            contents.put(name, names(CodePoints.POINT_FORMAT, formats.formats()));
        } else if (extension instanceof ExtensionSpec.ApplicationProtocols alpn) {
            contents.put(name, array(alpn.protocols(), HelloText::quoted));
        } else if (extension instanceof ExtensionSpec.SignatureAlgorithms algorithms) {
            contents.put(name, names(CodePoints.SIGNATURE_SCHEME, algorithms.schemes()));
        } else if (extension instanceof ExtensionSpec.KeyShares shares) {
            contents.put(name + ".groups", names(CodePoints.NAMED_GROUP, shares.groups()));
            contents.put(name + ".shared_x25519", String.valueOf(shares.sharedX25519()));
        } else if (extension instanceof ExtensionSpec.PskKeyExchangeModes modes) {
            contents.put(name, names(CodePoints.PSK_MODE, modes.modes()));
        } else if (extension instanceof ExtensionSpec.SupportedVersions versions) {
            contents.put(name, names(CodePoints.PROTOCOL_VERSION, versions.versions()));
        } else if (extension instanceof ExtensionSpec.CompressCertificate compress) {
            contents.put(name, names(CodePoints.CERTIFICATE_COMPRESSION, compress.algorithms()));
        } else if (extension instanceof ExtensionSpec.ApplicationSettings settings) {
            contents.put(name, array(settings.protocols(), HelloText::quoted));
        } else if (extension instanceof ExtensionSpec.DelegatedCredentials credentials) {
            contents.put(name, names(CodePoints.SIGNATURE_SCHEME, credentials.schemes()));
        } else if (extension instanceof ExtensionSpec.RecordSizeLimit limit) {
            contents.put(name, String.valueOf(limit.limit()));
        } else if (extension instanceof ExtensionSpec.EncryptedClientHelloGrease ech) {
            contents.put(name + ".kdf", quoted(CodePoints.HPKE_KDF.nameOf(ech.kdf())));
            contents.put(name + ".aeads", names(CodePoints.HPKE_AEAD, ech.aeads()));
            contents.put(name + ".encapsulated_length", String.valueOf(ech.encapsulatedLength()));
            contents.put(name + ".payload_lengths", array(ech.payloadLengths(), String::valueOf));
        } else if (extension instanceof ExtensionSpec.Opaque opaque) {
            contents.put(name, quoted(opaque.body().toHex()));
        }
    }

    static String names(CodePoints registry, List<Integer> values) {
        return array(values, value -> quoted(registry.nameOf(value)));
    }

    static <T> String array(List<T> values, Function<T, String> element) {
        return values.stream().map(element).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A basic string of TOML 1.0. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7F) {
                quoted.append(String.format(java.util.Locale.ROOT, "\\u%04X", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
