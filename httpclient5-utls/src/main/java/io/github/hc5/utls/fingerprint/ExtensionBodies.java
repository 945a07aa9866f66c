package io.github.hc5.utls.fingerprint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes the bodies of the extensions that {@link ClientHelloMessage} gives access to; one instance for each hello. */
final class ExtensionBodies {

    private static final int HOST_NAME = 0;
    private static final int ECH_OUTER = 0;
    private static final int ECH_INNER = 1;
    private static final int MIN_BINDER_LENGTH = 32;

    @Nullable
    String serverName;

    List<Integer> groups = List.of();
    List<Integer> pointFormats = List.of();
    List<Integer> signatureAlgorithms = List.of();
    List<Integer> delegatedCredentials = List.of();
    List<Integer> supportedVersions = List.of();
    List<Integer> compressCertificate = List.of();
    List<Integer> pskKeyExchangeModes = List.of();
    List<String> alpn = List.of();
    List<ClientHelloMessage.KeyShare> keyShares = List.of();

    ClientHelloMessage.@Nullable Alps alps;

    ClientHelloMessage.@Nullable EchOffer ech;

    ClientHelloMessage.@Nullable PreSharedKeys preSharedKeys;

    @Nullable
    Octets cookie;

    @Nullable
    Integer recordSizeLimit;

    void decode(int type, WireReader body) {
        switch (type) {
            case ExtensionSpec.SERVER_NAME -> serverName = serverName(body);
            case ExtensionSpec.SUPPORTED_GROUPS -> groups = list16(body, "supported_groups");
            case ExtensionSpec.EC_POINT_FORMATS -> pointFormats = list8(body, "ec_point_formats");
            case ExtensionSpec.SIGNATURE_ALGORITHMS -> signatureAlgorithms = list16(body, "signature_algorithms");
            case ExtensionSpec.DELEGATED_CREDENTIALS -> delegatedCredentials = list16(body, "delegated_credentials");
            case ExtensionSpec.SUPPORTED_VERSIONS ->
                supportedVersions = body.vector8("supported_versions").values16("supported_versions");
            case ExtensionSpec.COMPRESS_CERTIFICATE ->
                compressCertificate = body.vector8("compress_certificate").values16("compress_certificate");
            case ExtensionSpec.PSK_KEY_EXCHANGE_MODES -> pskKeyExchangeModes = list8(body, "psk_key_exchange_modes");
            case ExtensionSpec.ALPN -> alpn = protocols(body, "ALPN");
            case ExtensionSpec.KEY_SHARE -> keyShares = keyShares(body.vector16("key_share"));
            case ExtensionSpec.APPLICATION_SETTINGS, ExtensionSpec.APPLICATION_SETTINGS_OLD ->
                alps = new ClientHelloMessage.Alps(type, protocols(body, "application_settings"));
            case ExtensionSpec.ENCRYPTED_CLIENT_HELLO -> ech = ech(body);
            case ExtensionSpec.PRE_SHARED_KEY -> preSharedKeys = preSharedKeys(body);
            case ExtensionSpec.COOKIE -> cookie = cookie(body.vector16("cookie"));
            case ExtensionSpec.RECORD_SIZE_LIMIT -> recordSizeLimit = body.u16("record_size_limit");
            default -> {
                return;
            }
        }
        body.requireEnd("the content of extension " + type);
    }

    private static List<Integer> list16(WireReader body, String what) {
        return body.vector16(what).values16(what);
    }

    private static List<Integer> list8(WireReader body, String what) {
        return body.vector8(what).values8(what);
    }

    private static String serverName(WireReader body) {
        WireReader list = body.vector16("server_name_list");
        list.nonEmpty("server_name_list");
        int nameType = list.u8("name_type");
        if (nameType != HOST_NAME) {
            throw list.malformed("name_type is " + nameType + ", must be 0 (host_name)");
        }
        WireReader name = list.vector16("host_name");
        name.nonEmpty("host_name");
        list.requireEnd("the host_name");
        for (int value : name.duplicate().values8("host_name")) {
            if (value <= ' ' || value > '~') {
                throw name.malformed("host_name has the byte " + value + ", must be printable ASCII");
            }
        }
        return text(name);
    }

    private static List<String> protocols(WireReader body, String what) {
        WireReader list = body.vector16(what + " protocols");
        list.nonEmpty(what + " protocols");
        List<String> protocols = new ArrayList<>();
        while (list.hasMore()) {
            WireReader name = list.vector8(what + " protocol");
            name.nonEmpty(what + " protocol");
            protocols.add(text(name));
        }
        return List.copyOf(protocols);
    }

    /** ISO 8859-1 keeps each byte as one character, whatever a client puts in. */
    private static String text(WireReader reader) {
        return new String(reader.rest().toByteArray(), StandardCharsets.ISO_8859_1);
    }

    private static List<ClientHelloMessage.KeyShare> keyShares(WireReader list) {
        List<ClientHelloMessage.KeyShare> shares = new ArrayList<>();
        while (list.hasMore()) {
            int group = list.u16("key_share group");
            WireReader key = list.vector16("key_share key");
            key.nonEmpty("key_share key");
            shares.add(new ClientHelloMessage.KeyShare(group, key.rest()));
        }
        return List.copyOf(shares);
    }

    private static ClientHelloMessage.EchOffer ech(WireReader body) {
        int type = body.u8("ECH type");
        if (type == ECH_INNER) {
            return new ClientHelloMessage.EchOffer(true, 0, 0, 0, Octets.empty(), Octets.empty());
        }
        if (type != ECH_OUTER) {
            throw body.malformed("ECH type is " + type + ", must be 0 (outer) or 1 (inner)");
        }
        int kdf = body.u16("ECH KDF");
        int aead = body.u16("ECH AEAD");
        int configId = body.u8("ECH config_id");
        Octets encapsulatedKey = body.vector16("ECH enc").rest();
        WireReader payload = body.vector16("ECH payload");
        payload.nonEmpty("ECH payload");
        return new ClientHelloMessage.EchOffer(false, kdf, aead, configId, encapsulatedKey, payload.rest());
    }

    private static Octets cookie(WireReader cookie) {
        cookie.nonEmpty("cookie");
        return cookie.rest();
    }

    private static ClientHelloMessage.PreSharedKeys preSharedKeys(WireReader body) {
        WireReader identities = body.vector16("PSK identities");
        identities.nonEmpty("PSK identities");
        List<Integer> identityLengths = new ArrayList<>();
        while (identities.hasMore()) {
            WireReader identity = identities.vector16("PSK identity");
            identity.nonEmpty("PSK identity");
            identityLengths.add(identity.remaining());
            identities.octets(4, "obfuscated_ticket_age");
        }
        WireReader binders = body.vector16("PSK binders");
        binders.nonEmpty("PSK binders");
        List<Integer> binderLengths = new ArrayList<>();
        while (binders.hasMore()) {
            WireReader binder = binders.vector8("PSK binder");
            if (binder.remaining() < MIN_BINDER_LENGTH) {
                throw binder.malformed("PSK binder has " + binder.remaining() + " bytes, must have at least 32");
            }
            binderLengths.add(binder.remaining());
        }
        if (identityLengths.size() != binderLengths.size()) {
            throw body.malformed("there are " + identityLengths.size() + " PSK identities and " + binderLengths.size()
                    + " binders, must be equally many");
        }
        return new ClientHelloMessage.PreSharedKeys(identityLengths, binderLengths);
    }
}
