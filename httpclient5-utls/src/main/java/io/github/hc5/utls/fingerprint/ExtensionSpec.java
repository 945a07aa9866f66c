package io.github.hc5.utls.fingerprint;

import java.util.List;
import java.util.Set;

/**
 * What a browser puts into one ClientHello extension. Lists keep the wire order; {@link Grease#PLACEHOLDER} in a list of
 * code points stands for a value drawn for each connection. All implementations are immutable.
 */
public sealed interface ExtensionSpec {

    int SERVER_NAME = 0;
    int STATUS_REQUEST = 5;
    int SUPPORTED_GROUPS = 10;
    int EC_POINT_FORMATS = 11;
    int SIGNATURE_ALGORITHMS = 13;
    int ALPN = 16;
    int SIGNED_CERTIFICATE_TIMESTAMP = 18;
    int PADDING = 21;
    int EXTENDED_MASTER_SECRET = 23;
    int COMPRESS_CERTIFICATE = 27;
    int RECORD_SIZE_LIMIT = 28;
    int DELEGATED_CREDENTIALS = 34;
    int SESSION_TICKET = 35;
    int PRE_SHARED_KEY = 41;
    int EARLY_DATA = 42;
    int SUPPORTED_VERSIONS = 43;
    int COOKIE = 44;
    int PSK_KEY_EXCHANGE_MODES = 45;
    int KEY_SHARE = 51;
    int APPLICATION_SETTINGS_OLD = 17513;
    int APPLICATION_SETTINGS = 17613;
    int TRUST_ANCHORS = 0xCA34;
    int ENCRYPTED_CLIENT_HELLO = 0xFE0D;
    int RENEGOTIATION_INFO = 0xFF01;

    /** The extension's 16-bit type, or {@link Grease#PLACEHOLDER} for a {@link GreaseExtension}. */
    int type();

    /** A reserved extension of RFC 8701 with a fixed body; its type is drawn for each connection. */
    record GreaseExtension(Octets body) implements ExtensionSpec {
        @Override
        public int type() {
            return Grease.PLACEHOLDER;
        }
    }

    /** server_name (RFC 6066 section 3); left out when the peer is an IP literal, as every browser does. */
    record ServerName() implements ExtensionSpec {
        @Override
        public int type() {
            return SERVER_NAME;
        }
    }

    /** extended_master_secret (RFC 7627). */
    record ExtendedMasterSecret() implements ExtensionSpec {
        @Override
        public int type() {
            return EXTENDED_MASTER_SECRET;
        }
    }

    /** renegotiation_info (RFC 5746), empty in an initial handshake. */
    record RenegotiationInfo() implements ExtensionSpec {
        @Override
        public int type() {
            return RENEGOTIATION_INFO;
        }
    }

    /** supported_groups (RFC 8446 section 4.2.7). */
    record SupportedGroups(List<Integer> groups) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a code point is out of range */
        public SupportedGroups {
            groups = Checks.codePoints("supported_groups", groups, 0xFFFF);
        }

        @Override
        public int type() {
            return SUPPORTED_GROUPS;
        }
    }

    /** ec_point_formats (RFC 8422 section 5.1.2). */
    record EcPointFormats(List<Integer> formats) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a code point is out of range */
        public EcPointFormats {
            formats = Checks.codePoints("ec_point_formats", formats, 0xFF);
        }

        @Override
        public int type() {
            return EC_POINT_FORMATS;
        }
    }

    /** session_ticket (RFC 5077), empty without a TLS 1.2 ticket. */
    record SessionTicket() implements ExtensionSpec {
        @Override
        public int type() {
            return SESSION_TICKET;
        }
    }

    /** application_layer_protocol_negotiation (RFC 7301). */
    record ApplicationProtocols(List<String> protocols) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a name does not have 1 to 255 bytes */
        public ApplicationProtocols {
            protocols = Checks.protocols("ALPN", protocols);
        }

        @Override
        public int type() {
            return ALPN;
        }
    }

    /** status_request for OCSP with empty lists (RFC 6066 section 8). */
    record StatusRequest() implements ExtensionSpec {
        @Override
        public int type() {
            return STATUS_REQUEST;
        }
    }

    /** signature_algorithms (RFC 8446 section 4.2.3). */
    record SignatureAlgorithms(List<Integer> schemes) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a code point is out of range */
        public SignatureAlgorithms {
            schemes = Checks.codePoints("signature_algorithms", schemes, 0xFFFF);
        }

        @Override
        public int type() {
            return SIGNATURE_ALGORITHMS;
        }
    }

    /** signed_certificate_timestamp, empty (RFC 6962). */
    record SignedCertificateTimestamp() implements ExtensionSpec {
        @Override
        public int type() {
            return SIGNED_CERTIFICATE_TIMESTAMP;
        }
    }

    /**
     * key_share (RFC 8446 section 4.2.8).
     *
     * @param groups the groups offered with a share, in order
     * @param sharedX25519 whether the X25519 part of a hybrid share and a plain X25519 share use one key, as Firefox does
     */
    record KeyShares(List<Integer> groups, boolean sharedX25519) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a code point is out of range */
        public KeyShares {
            groups = Checks.codePoints("key_share groups", groups, 0xFFFF);
        }

        @Override
        public int type() {
            return KEY_SHARE;
        }
    }

    /** psk_key_exchange_modes (RFC 8446 section 4.2.9). */
    record PskKeyExchangeModes(List<Integer> modes) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a code point is out of range */
        public PskKeyExchangeModes {
            modes = Checks.codePoints("psk_key_exchange_modes", modes, 0xFF);
        }

        @Override
        public int type() {
            return PSK_KEY_EXCHANGE_MODES;
        }
    }

    /** supported_versions (RFC 8446 section 4.2.1). */
    record SupportedVersions(List<Integer> versions) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a code point is out of range */
        public SupportedVersions {
            versions = Checks.codePoints("supported_versions", versions, 0xFFFF);
        }

        @Override
        public int type() {
            return SUPPORTED_VERSIONS;
        }
    }

    /** cookie (RFC 8446 section 4.2.2): its place in the hello that answers a HelloRetryRequest with a cookie. */
    record Cookie() implements ExtensionSpec {
        @Override
        public int type() {
            return COOKIE;
        }
    }

    /** compress_certificate (RFC 8879): 1 zlib, 2 brotli, 3 zstd. */
    record CompressCertificate(List<Integer> algorithms) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a code point is out of range */
        public CompressCertificate {
            algorithms = Checks.codePoints("compress_certificate", algorithms, 0xFFFF);
        }

        @Override
        public int type() {
            return COMPRESS_CERTIFICATE;
        }
    }

    /**
     * application_settings (ALPS, draft-vvv-tls-alps).
     *
     * @param type the code point: 17513 in older Chromium, 17613 in newer
     * @param protocols the protocols for which settings are exchanged
     */
    record ApplicationSettings(int type, List<String> protocols) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the type is out of range or the list is empty or has a bad name */
        public ApplicationSettings {
            Checks.range("application_settings code point", type, 0, 0xFFFF);
            protocols = Checks.protocols("application_settings", protocols);
        }
    }

    /** delegated_credentials (RFC 9345). */
    record DelegatedCredentials(List<Integer> schemes) implements ExtensionSpec {
        /** @throws IllegalArgumentException if the list is empty or a code point is out of range */
        public DelegatedCredentials {
            schemes = Checks.codePoints("delegated_credentials", schemes, 0xFFFF);
        }

        @Override
        public int type() {
            return DELEGATED_CREDENTIALS;
        }
    }

    /** record_size_limit in bytes (RFC 8449), 64 to 16385. */
    record RecordSizeLimit(int limit) implements ExtensionSpec {

        static final int LEAST = 64;
        static final int MOST = 16385;

        /** @throws IllegalArgumentException if the limit is out of range */
        public RecordSizeLimit {
            Checks.range("record_size_limit", limit, LEAST, MOST);
        }

        @Override
        public int type() {
            return RECORD_SIZE_LIMIT;
        }
    }

    /**
     * encrypted_client_hello as GREASE (RFC 9849): random bytes in the shape of a real offer.
     *
     * @param kdf the HPKE KDF
     * @param aeads the HPKE AEADs, one of which is drawn for each connection
     * @param encapsulatedLength the length of the encapsulated key in bytes
     * @param payloadLengths the payload lengths in bytes, one of which is drawn for each connection
     */
    record EncryptedClientHelloGrease(
            int kdf, List<Integer> aeads, int encapsulatedLength, List<Integer> payloadLengths)
            implements ExtensionSpec {
        /** @throws IllegalArgumentException if a list is empty or a value is out of range */
        public EncryptedClientHelloGrease {
            Checks.range("ECH KDF", kdf, 0, 0xFFFF);
            aeads = Checks.codePoints("ECH AEADs", aeads, 0xFFFF);
            Checks.range("ECH encapsulated key length", encapsulatedLength, 1, 1024);
            payloadLengths = Checks.codePoints("ECH payload lengths", payloadLengths, 4096);
            Checks.that(!payloadLengths.contains(0), () -> "ECH payload lengths must be positive");
        }

        @Override
        public int type() {
            return ENCRYPTED_CLIENT_HELLO;
        }
    }

    /**
     * padding (RFC 7685) as BoringSSL does it: a handshake message of 256 to 511 bytes is padded to 512, and the
     * extension is left out otherwise.
     */
    record Padding() implements ExtensionSpec {
        @Override
        public int type() {
            return PADDING;
        }
    }

    /**
     * Any other extension, sent as it is.
     *
     * @param type the extension's type, one that no other kind of specification stands for
     * @param body the bytes of the extension
     */
    record Opaque(int type, Octets body) implements ExtensionSpec {

        private static final Set<Integer> MODELLED = Set.of(
                SERVER_NAME,
                STATUS_REQUEST,
                SUPPORTED_GROUPS,
                EC_POINT_FORMATS,
                SIGNATURE_ALGORITHMS,
                ALPN,
                SIGNED_CERTIFICATE_TIMESTAMP,
                PADDING,
                EXTENDED_MASTER_SECRET,
                COMPRESS_CERTIFICATE,
                RECORD_SIZE_LIMIT,
                DELEGATED_CREDENTIALS,
                SESSION_TICKET,
                PRE_SHARED_KEY,
                EARLY_DATA,
                SUPPORTED_VERSIONS,
                COOKIE,
                PSK_KEY_EXCHANGE_MODES,
                KEY_SHARE,
                APPLICATION_SETTINGS_OLD,
                APPLICATION_SETTINGS,
                ENCRYPTED_CLIENT_HELLO,
                RENEGOTIATION_INFO);

        /** @throws IllegalArgumentException if the type is out of range, GREASE, or has a specification of its own */
        public Opaque {
            Checks.range("extension type", type, 0, 0xFFFF);
            int given = type;
            Checks.that(
                    !MODELLED.contains(type) && !Grease.isGrease(type),
                    () -> "extension " + given + " cannot be opaque, its content depends on the connection");
        }
    }
}
