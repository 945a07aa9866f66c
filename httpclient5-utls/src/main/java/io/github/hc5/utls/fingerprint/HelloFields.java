package io.github.hc5.utls.fingerprint;

import java.util.List;

/** The fields of a hello from which JA3 and JA4 are computed, GREASE taken out, from a received hello or a profile. */
record HelloFields(
        int legacyVersion,
        List<Integer> cipherSuites,
        List<Integer> extensions,
        List<Integer> groups,
        List<Integer> pointFormats,
        List<Integer> signatureAlgorithms,
        List<Integer> supportedVersions,
        List<String> alpn) {

    HelloFields {
        cipherSuites = withoutGrease(cipherSuites);
        extensions = withoutGrease(extensions);
        groups = withoutGrease(groups);
        pointFormats = List.copyOf(pointFormats);
        signatureAlgorithms = withoutGrease(signatureAlgorithms);
        supportedVersions = withoutGrease(supportedVersions);
        alpn = List.copyOf(alpn);
    }

    static HelloFields of(ClientHelloMessage hello) {
        return new HelloFields(
                hello.legacyVersion(),
                hello.cipherSuites(),
                hello.extensionTypes(),
                hello.groups(),
                hello.pointFormats(),
                hello.signatureAlgorithms(),
                hello.supportedVersions(),
                hello.alpn());
    }

    /** The fields of a first hello to a named host; a cookie is only in the second, padding is taken to be there. */
    static HelloFields of(ClientHelloSpec spec) {
        return new HelloFields(
                ClientHelloSpec.LEGACY_VERSION,
                spec.cipherSuites(),
                spec.extensions().stream()
                        .map(ExtensionSpec::type)
                        .filter(type -> type != ExtensionSpec.COOKIE)
                        .toList(),
                spec.extension(ExtensionSpec.SupportedGroups.class)
                        .map(ExtensionSpec.SupportedGroups::groups)
                        .orElse(List.of()),
                spec.extension(ExtensionSpec.EcPointFormats.class)
                        .map(ExtensionSpec.EcPointFormats::formats)
                        .orElse(List.of()),
                spec.extension(ExtensionSpec.SignatureAlgorithms.class)
                        .map(ExtensionSpec.SignatureAlgorithms::schemes)
                        .orElse(List.of()),
                spec.extension(ExtensionSpec.SupportedVersions.class)
                        .map(ExtensionSpec.SupportedVersions::versions)
                        .orElse(List.of()),
                spec.extension(ExtensionSpec.ApplicationProtocols.class)
                        .map(ExtensionSpec.ApplicationProtocols::protocols)
                        .orElse(List.of()));
    }

    private static List<Integer> withoutGrease(List<Integer> values) {
        return values.stream().filter(value -> !Grease.isGrease(value)).toList();
    }
}
