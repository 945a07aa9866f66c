package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code [hello]} table of a profile file. */
final class HelloSection {

    private static final Map<String, ClientHelloSpec.ExtensionOrder> ORDERS =
            Map.of("fixed", ClientHelloSpec.ExtensionOrder.FIXED, "permuted", ClientHelloSpec.ExtensionOrder.PERMUTED);

    private final ProfileTable table;
    private final ProfileTable contents;
    private Iterator<ProfileCell> greaseBodies = List.<ProfileCell>of().iterator();

    private HelloSection(ProfileTable table, ProfileTable contents) {
        this.table = table;
        this.contents = contents;
    }

    static Optional<ClientHelloSpec> read(ProfileTable table) {
        return table.table("extension").flatMap(contents -> new HelloSection(table, contents).read());
    }

    private Optional<ClientHelloSpec> read() {
        int before = table.problems().count();
        Optional<Integer> recordVersion =
                table.required("record_version").flatMap(cell -> cell.codePoint(CodePoints.PROTOCOL_VERSION, 0xFFFF));
        Optional<Integer> sessionIdLength = table.required("session_id_length").flatMap(cell -> cell.integer(0, 32));
        List<Integer> suites = table.required("cipher_suites")
                .map(cell -> cell.codePointsOrGrease(CodePoints.CIPHER_SUITE))
                .orElse(List.of());
        Optional<ClientHelloSpec.ExtensionOrder> order =
                table.required("extension_order").flatMap(cell -> cell.word(ORDERS));
        List<ExtensionSpec> extensions = extensions();
        contents.finish();
        table.finish();
        if (table.problems().count() > before) {
            return Optional.empty();
        }
        return table.problems()
                .build(
                        table.place(),
                        () -> new ClientHelloSpec(
                                recordVersion.orElseThrow(),
                                sessionIdLength.orElseThrow(),
                                suites,
                                extensions,
                                order.orElseThrow()));
    }

    private List<ExtensionSpec> extensions() {
        List<ExtensionSpec> extensions = new ArrayList<>();
        List<ProfileCell> names =
                table.required("extensions").map(ProfileCell::elements).orElse(List.of());
        greaseBodies = contents.optional(CodePoints.GREASE)
                .map(ProfileCell::elements)
                .orElse(List.of())
                .iterator();
        for (ProfileCell name : names) {
            name.codePointOrGrease(CodePoints.EXTENSION)
                    .flatMap(type -> extension(type, name))
                    .ifPresent(extensions::add);
        }
        greaseBodies.forEachRemaining(body -> {
            if (table.problems().isOwn(body.place())) {
                body.problem("has no GREASE among the extensions to be the body of");
            }
        });
        return extensions;
    }

    private Optional<ExtensionSpec> extension(int type, ProfileCell name) {
        return switch (type) {
            case Grease.PLACEHOLDER -> grease(name);
            case ExtensionSpec.SERVER_NAME -> Optional.of(new ExtensionSpec.ServerName());
            case ExtensionSpec.EXTENDED_MASTER_SECRET -> Optional.of(new ExtensionSpec.ExtendedMasterSecret());
            case ExtensionSpec.RENEGOTIATION_INFO -> Optional.of(new ExtensionSpec.RenegotiationInfo());
            case ExtensionSpec.SESSION_TICKET -> Optional.of(new ExtensionSpec.SessionTicket());
            case ExtensionSpec.STATUS_REQUEST -> Optional.of(new ExtensionSpec.StatusRequest());
            case ExtensionSpec.SIGNED_CERTIFICATE_TIMESTAMP ->
                Optional.of(new ExtensionSpec.SignedCertificateTimestamp());
            case ExtensionSpec.COOKIE -> Optional.of(new ExtensionSpec.Cookie());
            case ExtensionSpec.PADDING -> Optional.of(new ExtensionSpec.Padding());
            case ExtensionSpec.PRE_SHARED_KEY, ExtensionSpec.EARLY_DATA -> {
                name.problem("extension " + CodePoints.EXTENSION.nameOf(type)
                        + " belongs to a resumed session, a profile describes fresh ones");
                yield Optional.empty();
            }
            default -> ExtensionContents.read(type, contents);
        };
    }

    private Optional<ExtensionSpec> grease(ProfileCell name) {
        if (!greaseBodies.hasNext()) {
            name.problem("needs a body in hello.extension.GREASE, an array with one string of hexadecimal digits for"
                    + " each GREASE extension");
            return Optional.empty();
        }
        return greaseBodies.next().hex().map(ExtensionSpec.GreaseExtension::new);
    }
}
