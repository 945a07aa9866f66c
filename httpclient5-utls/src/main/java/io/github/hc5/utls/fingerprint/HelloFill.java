package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.ClientHelloSpec.ExtensionOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link ClientHelloSpec} of a fingerprint and a profile for what the fingerprint leaves open. Each thing taken from
 * the profile is noted.
 */
final class HelloFill {

    private static final int TLS_1_3 = 0x0304;

    /** Extensions that need no content beyond what their type tells. */
    private static final Map<Integer, ExtensionSpec> WITHOUT_CONTENT = Map.of(
            ExtensionSpec.SERVER_NAME, new ExtensionSpec.ServerName(),
            ExtensionSpec.EXTENDED_MASTER_SECRET, new ExtensionSpec.ExtendedMasterSecret(),
            ExtensionSpec.RENEGOTIATION_INFO, new ExtensionSpec.RenegotiationInfo(),
            ExtensionSpec.SESSION_TICKET, new ExtensionSpec.SessionTicket(),
            ExtensionSpec.STATUS_REQUEST, new ExtensionSpec.StatusRequest(),
            ExtensionSpec.SIGNED_CERTIFICATE_TIMESTAMP, new ExtensionSpec.SignedCertificateTimestamp(),
            ExtensionSpec.COOKIE, new ExtensionSpec.Cookie(),
            ExtensionSpec.PADDING, new ExtensionSpec.Padding());

    /** Flags: encrypt_then_mac (RFC 7366), post_handshake_auth (RFC 8446), NPN. */
    private static final Set<Integer> FLAGS = Set.of(22, 49, 13172);

    private static final Set<Integer> RESUMPTION = Set.of(ExtensionSpec.PRE_SHARED_KEY, ExtensionSpec.EARLY_DATA);

    private final BrowserProfile profile;
    private final ClientHelloSpec base;
    private final Map<Integer, ExtensionSpec> given = new HashMap<>();
    private final List<String> filled = new ArrayList<>();

    private HelloFill(BrowserProfile profile) {
        this.profile = profile;
        this.base = profile.hello();
    }

    static Filled<ClientHelloSpec> fill(Ja3 ja3, BrowserProfile base) {
        Checks.that(
                ja3.version() == ClientHelloSpec.LEGACY_VERSION,
                () -> "JA3 version is " + ja3.version() + ", must be 771 (TLS 1.2)");
        HelloFill fill = new HelloFill(base);
        fill.give(ExtensionSpec.SUPPORTED_GROUPS, ja3.groups(), fill::groups, ja3.extensions());
        fill.give(
                ExtensionSpec.EC_POINT_FORMATS,
                ja3.pointFormats(),
                ExtensionSpec.EcPointFormats::new,
                ja3.extensions());
        return fill.finish(ja3.cipherSuites(), ja3.extensions());
    }

    static Filled<ClientHelloSpec> fill(Ja4 ja4, BrowserProfile base) {
        HelloFill fill = new HelloFill(base);
        List<Integer> types = new ArrayList<>(ja4.extensions());
        Ja4Prefix prefix = Ja4Prefix.parse(ja4.prefix());
        if (prefix.named()) {
            types.add(ExtensionSpec.SERVER_NAME);
        }
        fill.protocols(prefix, types);
        prefix.requireCounts(ja4.cipherSuites().size(), types.size());
        fill.give(
                ExtensionSpec.SIGNATURE_ALGORITHMS,
                ja4.signatureAlgorithms(),
                fill::signatureAlgorithms,
                ja4.extensions());
        fill.requireVersion(prefix, types);
        fill.filled.add("cipher_suites: order");
        fill.filled.add("extensions: order");
        return fill.finish(
                ordered(ja4.cipherSuites(), fill.base.cipherSuites()),
                ordered(
                        types,
                        fill.base.extensions().stream().map(ExtensionSpec::type).toList()));
    }

    private interface Content {
        ExtensionSpec of(List<Integer> values);
    }

    private void give(int type, List<Integer> values, Content content, List<Integer> extensions) {
        String name = CodePoints.EXTENSION.nameOf(type);
        Checks.that(
                extensions.contains(type) != values.isEmpty(),
                () -> "the fingerprint has " + values.size() + " values of " + name + ", which is "
                        + (extensions.contains(type) ? "" : "not ") + "among its extensions");
        if (!values.isEmpty()) {
            given.put(type, content.of(values));
        }
    }

    private ExtensionSpec groups(List<Integer> groups) {
        List<Integer> own = base.extension(ExtensionSpec.SupportedGroups.class)
                .map(ExtensionSpec.SupportedGroups::groups)
                .orElse(List.of());
        return new ExtensionSpec.SupportedGroups(greased("supported_groups", groups, own));
    }

    private ExtensionSpec signatureAlgorithms(List<Integer> schemes) {
        List<Integer> own = base.extension(ExtensionSpec.SignatureAlgorithms.class)
                .map(ExtensionSpec.SignatureAlgorithms::schemes)
                .orElse(List.of());
        return new ExtensionSpec.SignatureAlgorithms(greased("signature_algorithms", schemes, own));
    }

    private void protocols(Ja4Prefix prefix, List<Integer> types) {
        if (prefix.alpn().equals("00")) {
            return;
        }
        types.add(ExtensionSpec.ALPN);
        if (prefix.alpn().equals("h1")) {
            given.put(ExtensionSpec.ALPN, new ExtensionSpec.ApplicationProtocols(List.of("http/1.1")));
            return;
        }
        Checks.that(
                Ja4Prefix.parse(Ja4.of(base).prefix()).alpn().equals(prefix.alpn()),
                () -> "the first protocol is '" + prefix.alpn() + "', which " + profile.name()
                        + " does not offer first");
    }

    private void requireVersion(Ja4Prefix prefix, List<Integer> types) {
        boolean tls13 = types.contains(ExtensionSpec.SUPPORTED_VERSIONS)
                && base.extension(ExtensionSpec.SupportedVersions.class)
                        .map(ExtensionSpec.SupportedVersions::versions)
                        .orElse(List.of())
                        .contains(TLS_1_3);
        String version = tls13 ? "13" : "12";
        Checks.that(
                prefix.version().equals(version),
                () -> "the version is " + prefix.version() + ", but the extensions and " + profile.name() + " make it "
                        + version);
    }

    private Filled<ClientHelloSpec> finish(List<Integer> suites, List<Integer> types) {
        Checks.that(!suites.isEmpty(), () -> "the fingerprint has no cipher suites");
        filled.add("record_version");
        filled.add("session_id_length");
        List<Integer> allSuites = greased("cipher_suites", suites, base.cipherSuites());
        List<ExtensionSpec> extensions = extensions(types);
        filled.add("extension_order");
        ExtensionOrder order = base.order();
        ClientHelloSpec spec =
                new ClientHelloSpec(base.recordVersion(), base.sessionIdLength(), allSuites, extensions, order);
        return new Filled<>(spec, profile.name(), filled);
    }

    private List<ExtensionSpec> extensions(List<Integer> types) {
        List<ExtensionSpec> extensions = new ArrayList<>();
        Checks.that(
                new HashSet<>(types).size() == types.size(),
                () -> "an extension occurs twice in the fingerprint: " + types);
        for (int type : types) {
            Checks.range("extension", type, 0, 0xFFFF);
            if (RESUMPTION.contains(type)) {
                filled.add(CodePoints.EXTENSION.nameOf(type) + ": left out, it belongs to a resumed session");
            } else {
                extensions.add(extension(type));
            }
        }
        addGrease(extensions);
        addCookie(extensions);
        return extensions;
    }

    private ExtensionSpec extension(int type) {
        ExtensionSpec told = given.getOrDefault(type, WITHOUT_CONTENT.get(type));
        if (told != null) {
            return told;
        } else if (type == ExtensionSpec.KEY_SHARE) {
            return keyShares();
        }
        ExtensionSpec own = base.extensions().stream()
                .filter(extension -> extension.type() == type)
                .findFirst()
                .orElse(null);
        String name = CodePoints.EXTENSION.nameOf(type);
        if (own != null) {
            filled.add(name);
            return own;
        }
        Checks.that(
                FLAGS.contains(type),
                () -> "the fingerprint does not tell the content of extension " + type + " (" + name + "), and "
                        + profile.name() + " does not have it: choose another base");
        return new ExtensionSpec.Opaque(type, Octets.empty());
    }

    /** The base's shares, as far as the fingerprint has their groups; otherwise one of its first group. */
    private ExtensionSpec keyShares() {
        List<Integer> groups = groupsOf(given.get(ExtensionSpec.SUPPORTED_GROUPS));
        ExtensionSpec.KeyShares own =
                base.extension(ExtensionSpec.KeyShares.class).orElse(null);
        List<Integer> shared = own == null
                ? List.of()
                : own.groups().stream().filter(groups::contains).toList();
        boolean only = shared.stream().allMatch(Grease::isGrease);
        if (only) {
            shared = Stream.concat(
                            shared.stream(),
                            groups.stream()
                                    .filter(group -> !Grease.isGrease(group))
                                    .limit(1))
                    .toList();
        }
        filled.add("key_share");
        return new ExtensionSpec.KeyShares(shared, own != null && own.sharedX25519());
    }

    /** JA4_r has no groups: they are the base's. */
    private List<Integer> groupsOf(@Nullable ExtensionSpec groups) {
        if (groups instanceof ExtensionSpec.SupportedGroups told) {
            return told.groups();
        }
        return base.extension(ExtensionSpec.SupportedGroups.class)
                .map(ExtensionSpec.SupportedGroups::groups)
                .orElse(List.of());
    }

    /** GREASE is in no fingerprint: where the base starts a list with it, so does this. */
    private List<Integer> greased(String name, List<Integer> values, List<Integer> own) {
        if (own.isEmpty() || !Grease.isGrease(own.get(0))) {
            return values;
        }
        filled.add(name + ": GREASE");
        return Stream.concat(Stream.of(Grease.PLACEHOLDER), values.stream()).toList();
    }

    /** The first GREASE extension comes first, and the second last, before padding. */
    private void addGrease(List<ExtensionSpec> extensions) {
        List<ExtensionSpec> grease = base.extensions().stream()
                .filter(ExtensionSpec.GreaseExtension.class::isInstance)
                .toList();
        for (int i = 0; i < grease.size(); i++) {
            extensions.add(i == 0 ? 0 : beforePadding(extensions), grease.get(i));
            filled.add("GREASE extension " + (i + 1));
        }
    }

    private void addCookie(List<ExtensionSpec> extensions) {
        boolean has = extensions.stream().anyMatch(ExtensionSpec.Cookie.class::isInstance);
        if (!has && base.extension(ExtensionSpec.Cookie.class).isPresent()) {
            int at = beforePadding(extensions);
            boolean greaseLast = at > 0 && extensions.get(at - 1) instanceof ExtensionSpec.GreaseExtension;
            extensions.add(greaseLast ? at - 1 : at, new ExtensionSpec.Cookie());
            filled.add("cookie");
        }
    }

    private static int beforePadding(List<ExtensionSpec> extensions) {
        int size = extensions.size();
        return size > 0 && extensions.get(size - 1) instanceof ExtensionSpec.Padding ? size - 1 : size;
    }

    /** The values that the base has too in its order, then the others as they are. */
    private static List<Integer> ordered(List<Integer> values, List<Integer> order) {
        return Stream.concat(
                        order.stream().filter(values::contains),
                        values.stream().filter(value -> !order.contains(value)))
                // Padding ends every hello.
                .sorted((a, b) -> Boolean.compare(a == ExtensionSpec.PADDING, b == ExtensionSpec.PADDING))
                .toList();
    }
}
