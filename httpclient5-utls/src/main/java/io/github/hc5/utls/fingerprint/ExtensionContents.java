package io.github.hc5.utls.fingerprint;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what a profile file puts into an extension, from its key in the {@code [hello.extension]} table. */
final class ExtensionContents {

    private ExtensionContents() {}

    static Optional<ExtensionSpec> read(int type, ProfileTable contents) {
        String name = CodePoints.EXTENSION.nameOf(type);
        if (type == ExtensionSpec.KEY_SHARE) {
            return contents.table(name).flatMap(ExtensionContents::keyShares);
        } else if (type == ExtensionSpec.ENCRYPTED_CLIENT_HELLO) {
            return contents.table(name).flatMap(ExtensionContents::encryptedClientHello);
        }
        return contents.required(name).flatMap(content -> single(type, content));
    }

    private static Optional<ExtensionSpec> single(int type, ProfileCell content) {
        return switch (type) {
            case ExtensionSpec.SUPPORTED_GROUPS ->
                list(content, c -> c.codePointsOrGrease(CodePoints.NAMED_GROUP), ExtensionSpec.SupportedGroups::new);
            case ExtensionSpec.EC_POINT_FORMATS ->
                list(content, c -> c.codePoints(CodePoints.POINT_FORMAT, 0xFF), ExtensionSpec.EcPointFormats::new);
            case ExtensionSpec.ALPN -> list(content, ProfileCell::strings, ExtensionSpec.ApplicationProtocols::new);
            case ExtensionSpec.SIGNATURE_ALGORITHMS ->
                list(
                        content,
                        c -> c.codePointsOrGrease(CodePoints.SIGNATURE_SCHEME),
                        ExtensionSpec.SignatureAlgorithms::new);
            case ExtensionSpec.PSK_KEY_EXCHANGE_MODES ->
                list(content, c -> c.codePoints(CodePoints.PSK_MODE, 0xFF), ExtensionSpec.PskKeyExchangeModes::new);
            case ExtensionSpec.SUPPORTED_VERSIONS ->
                list(
                        content,
                        c -> c.codePointsOrGrease(CodePoints.PROTOCOL_VERSION),
                        ExtensionSpec.SupportedVersions::new);
            case ExtensionSpec.COMPRESS_CERTIFICATE ->
                list(
                        content,
                        c -> c.codePoints(CodePoints.CERTIFICATE_COMPRESSION, 0xFFFF),
                        ExtensionSpec.CompressCertificate::new);
            case ExtensionSpec.DELEGATED_CREDENTIALS ->
                list(
                        content,
                        c -> c.codePoints(CodePoints.SIGNATURE_SCHEME, 0xFFFF),
                        ExtensionSpec.DelegatedCredentials::new);
            case ExtensionSpec.APPLICATION_SETTINGS_OLD, ExtensionSpec.APPLICATION_SETTINGS ->
                list(
                        content,
                        ProfileCell::strings,
                        protocols -> new ExtensionSpec.ApplicationSettings(type, protocols));
            case ExtensionSpec.RECORD_SIZE_LIMIT ->
                content.integer(ExtensionSpec.RecordSizeLimit.LEAST, ExtensionSpec.RecordSizeLimit.MOST)
                        .map(ExtensionSpec.RecordSizeLimit::new);
            default -> content.hex().map(body -> new ExtensionSpec.Opaque(type, body));
        };
    }

    private static <T> Optional<ExtensionSpec> list(
            ProfileCell content, Function<ProfileCell, List<T>> reading, Function<List<T>, ExtensionSpec> creation) {
        int before = content.problems().count();
        List<T> values = reading.apply(content);
        return content.problems().count() > before
                ? Optional.empty()
                : content.problems().build(content.place(), () -> creation.apply(values));
    }

    private static Optional<ExtensionSpec> keyShares(ProfileTable fields) {
        int before = fields.problems().count();
        List<Integer> groups = fields.required("groups")
                .map(cell -> cell.codePointsOrGrease(CodePoints.NAMED_GROUP))
                .orElse(List.of());
        boolean shared =
                fields.optional("shared_x25519").flatMap(ProfileCell::bool).orElse(false);
        fields.finish();
        return fields.problems().count() > before
                ? Optional.empty()
                : fields.problems().build(fields.place(), () -> new ExtensionSpec.KeyShares(groups, shared));
    }

    private static Optional<ExtensionSpec> encryptedClientHello(ProfileTable fields) {
        int before = fields.problems().count();
        Optional<Integer> kdf = fields.required("kdf").flatMap(cell -> cell.codePoint(CodePoints.HPKE_KDF, 0xFFFF));
        List<Integer> aeads = fields.required("aeads")
                .map(cell -> cell.codePoints(CodePoints.HPKE_AEAD, 0xFFFF))
                .orElse(List.of());
        Optional<Integer> encapsulated =
                fields.required("encapsulated_length").flatMap(cell -> cell.integer(1, 0xFFFF));
        List<Integer> payloads = fields.required("payload_lengths")
                .map(cell -> cell.integers(1, 0xFFFF))
                .orElse(List.of());
        fields.finish();
        return fields.problems().count() > before
                ? Optional.empty()
                : fields.problems()
                        .build(
                                fields.place(),
                                () -> new ExtensionSpec.EncryptedClientHelloGrease(
                                        kdf.orElseThrow(), aeads, encapsulated.orElseThrow(), payloads));
    }
}
