package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.ClientHelloMessage.EchOffer;
import io.github.hc5.utls.fingerprint.ClientHelloMessage.KeyShare;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds the rule behind the bodies that one extension has in several hellos of one client. */
final class ExtensionMerge {

    private static final int X25519 = 0x001D;
    private static final int X25519_MLKEM768 = 0x11EC;
    private static final int X25519_LENGTH = 32;

    /** What extensions without content of their own have as their body. */
    private static final Map<Integer, Octets> FIXED_BODIES = Map.of(
            ExtensionSpec.EXTENDED_MASTER_SECRET, Octets.empty(),
            ExtensionSpec.RENEGOTIATION_INFO, Octets.ofHex("00"),
            ExtensionSpec.STATUS_REQUEST, Octets.ofHex("0100000000"),
            ExtensionSpec.SIGNED_CERTIFICATE_TIMESTAMP, Octets.empty());

    private final List<ClientHelloMessage> hellos;
    private final boolean keepUnknown;
    private final List<String> notes;
    private int greaseSeen;

    ExtensionMerge(List<ClientHelloMessage> hellos, boolean keepUnknown, List<String> notes) {
        this.hellos = hellos;
        this.keepUnknown = keepUnknown;
        this.notes = notes;
    }

    /** Merges the next extension; of GREASE, the first call is for the first one. */
    ExtensionSpec merge(int type) {
        requireFixedBody(type);
        return switch (type) {
            case Grease.PLACEHOLDER -> grease();
            case ExtensionSpec.SERVER_NAME -> new ExtensionSpec.ServerName();
            case ExtensionSpec.EXTENDED_MASTER_SECRET -> new ExtensionSpec.ExtendedMasterSecret();
            case ExtensionSpec.RENEGOTIATION_INFO -> new ExtensionSpec.RenegotiationInfo();
            case ExtensionSpec.STATUS_REQUEST -> new ExtensionSpec.StatusRequest();
            case ExtensionSpec.SIGNED_CERTIFICATE_TIMESTAMP -> new ExtensionSpec.SignedCertificateTimestamp();
            case ExtensionSpec.SESSION_TICKET -> sessionTicket();
            case ExtensionSpec.COOKIE -> new ExtensionSpec.Cookie();
            case ExtensionSpec.PADDING -> new ExtensionSpec.Padding();
            case ExtensionSpec.SUPPORTED_GROUPS ->
                new ExtensionSpec.SupportedGroups(list(type, ClientHelloMessage::groups));
            case ExtensionSpec.EC_POINT_FORMATS ->
                new ExtensionSpec.EcPointFormats(same(type, ClientHelloMessage::pointFormats));
            case ExtensionSpec.SIGNATURE_ALGORITHMS ->
                new ExtensionSpec.SignatureAlgorithms(list(type, ClientHelloMessage::signatureAlgorithms));
            case ExtensionSpec.ALPN -> new ExtensionSpec.ApplicationProtocols(same(type, ClientHelloMessage::alpn));
            case ExtensionSpec.COMPRESS_CERTIFICATE ->
                new ExtensionSpec.CompressCertificate(list(type, ClientHelloMessage::compressCertificate));
            case ExtensionSpec.RECORD_SIZE_LIMIT ->
                new ExtensionSpec.RecordSizeLimit(
                        same(type, hello -> hello.recordSizeLimit().orElse(0)));
            case ExtensionSpec.DELEGATED_CREDENTIALS ->
                new ExtensionSpec.DelegatedCredentials(list(type, ClientHelloMessage::delegatedCredentials));
            case ExtensionSpec.SUPPORTED_VERSIONS ->
                new ExtensionSpec.SupportedVersions(list(type, ClientHelloMessage::supportedVersions));
            case ExtensionSpec.PSK_KEY_EXCHANGE_MODES ->
                new ExtensionSpec.PskKeyExchangeModes(list(type, ClientHelloMessage::pskKeyExchangeModes));
            case ExtensionSpec.KEY_SHARE -> keyShares();
            case ExtensionSpec.APPLICATION_SETTINGS_OLD, ExtensionSpec.APPLICATION_SETTINGS ->
                new ExtensionSpec.ApplicationSettings(
                        type,
                        same(
                                type,
                                hello -> hello.alps()
                                        .map(ClientHelloMessage.Alps::protocols)
                                        .orElse(List.of())));
            case ExtensionSpec.ENCRYPTED_CLIENT_HELLO -> encryptedClientHello();
            default -> opaque(type);
        };
    }

    private ExtensionSpec grease() {
        int index = greaseSeen++;
        return new ExtensionSpec.GreaseExtension(HelloMerge.same(
                hellos, "the body of GREASE extension " + (index + 1), hello -> greaseBody(hello, index)));
    }

    private static Octets greaseBody(ClientHelloMessage hello, int index) {
        List<ClientHelloMessage.Extension> found = hello.extensions().stream()
                .filter(extension -> Grease.isGrease(extension.type()))
                .toList();
        return index < found.size() ? found.get(index).body() : Octets.empty();
    }

    private void requireFixedBody(int type) {
        Octets body = FIXED_BODIES.get(type);
        if (body != null) {
            Octets found = body(type);
            Checks.that(
                    found.equals(body),
                    () -> name(type) + " has the body '" + found + "', only '" + body + "' can be sent");
        }
    }

    private ExtensionSpec sessionTicket() {
        boolean ticket = hellos.stream()
                .flatMap(hello -> hello.extension(ExtensionSpec.SESSION_TICKET).stream())
                .anyMatch(extension -> extension.body().length() > 0);
        if (ticket) {
            notes.add("left out the content of session_ticket, which belongs to a resumed session");
        }
        return new ExtensionSpec.SessionTicket();
    }

    /** A HelloRetryRequest leaves one share: the first hello of the connection has as many or more. */
    private ExtensionSpec keyShares() {
        List<ClientHelloMessage> first = hellos.stream()
                .filter(hello -> hello.recordVersion() != ClientHelloSpec.LEGACY_VERSION
                        || hellos.stream().allMatch(each -> each.recordVersion() == ClientHelloSpec.LEGACY_VERSION))
                .toList();
        List<Integer> groups = HelloMerge.same(
                first,
                name(ExtensionSpec.KEY_SHARE),
                hello -> HelloMerge.normal(
                        hello.keyShares().stream().map(KeyShare::group).toList()));
        return new ExtensionSpec.KeyShares(groups, first.stream().allMatch(ExtensionMerge::sharesX25519));
    }

    private static boolean sharesX25519(ClientHelloMessage hello) {
        Optional<String> plain = key(hello, X25519);
        Optional<String> hybrid = key(hello, X25519_MLKEM768);
        return plain.isPresent()
                && plain.get().length() == 2 * X25519_LENGTH
                && hybrid.isPresent()
                && hybrid.get().endsWith(plain.get());
    }

    private static Optional<String> key(ClientHelloMessage hello, int group) {
        return hello.keyShares().stream()
                .filter(share -> share.group() == group)
                .map(share -> share.key().toHex())
                .findFirst();
    }

    private ExtensionSpec encryptedClientHello() {
        List<EchOffer> offers = hellos.stream()
                .flatMap(hello -> hello.encryptedClientHello().stream())
                .toList();
        Checks.that(offers.stream().noneMatch(EchOffer::inner), () -> "encrypted_client_hello marks an inner hello");
        List<Integer> kdfs = distinct(offers, EchOffer::kdf);
        List<Integer> keys = distinct(offers, offer -> offer.encapsulatedKey().length());
        Checks.that(
                kdfs.size() == 1 && keys.size() == 1,
                () -> "encrypted_client_hello differs between the hellos: KDFs " + kdfs + ", key lengths " + keys);
        return new ExtensionSpec.EncryptedClientHelloGrease(
                kdfs.get(0),
                distinct(offers, EchOffer::aead),
                keys.get(0),
                distinct(offers, offer -> offer.payload().length()));
    }

    private static List<Integer> distinct(List<EchOffer> offers, Function<EchOffer, Integer> field) {
        return offers.stream().map(field).distinct().sorted().toList();
    }

    private ExtensionSpec opaque(int type) {
        if (CodePoints.EXTENSION.nameOf(type).startsWith("0x")) {
            Checks.that(
                    keepUnknown,
                    () -> "extension " + type + " (" + name(type)
                            + ") is unknown; it can only be kept as opaque bytes, if that is asked for");
            notes.add("kept the unknown extension " + type + " as opaque bytes");
        }
        return new ExtensionSpec.Opaque(type, body(type));
    }

    private Octets body(int type) {
        return same(
                type,
                hello -> hello.extension(type)
                        .map(ClientHelloMessage.Extension::body)
                        .orElse(Octets.empty()));
    }

    private List<Integer> list(int type, Function<ClientHelloMessage, List<Integer>> field) {
        return same(type, hello -> HelloMerge.normal(field.apply(hello)));
    }

    private <T> T same(int type, Function<ClientHelloMessage, T> field) {
        return HelloMerge.same(hellos, name(type), field);
    }

    private static String name(int type) {
        return CodePoints.EXTENSION.nameOf(type);
    }
}
