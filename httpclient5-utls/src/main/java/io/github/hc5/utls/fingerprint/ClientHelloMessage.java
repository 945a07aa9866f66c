package io.github.hc5.utls.fingerprint;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A ClientHello as it was received: all fields in the order of the wire, GREASE values included. Immutable. Lists of
 * extensions that are absent are empty.
 */
public final class ClientHelloMessage {

    private final int recordVersion;
    private final int wireLength;
    private final int legacyVersion;
    private final Octets random;
    private final Octets sessionId;
    private final List<Integer> cipherSuites;
    private final List<Integer> compressionMethods;
    private final List<Extension> extensions;
    private final ExtensionBodies bodies;

    ClientHelloMessage(
            int recordVersion,
            int wireLength,
            int legacyVersion,
            Octets random,
            Octets sessionId,
            List<Integer> cipherSuites,
            List<Integer> compressionMethods,
            List<Extension> extensions,
            ExtensionBodies bodies) {
        this.recordVersion = recordVersion;
        this.wireLength = wireLength;
        this.legacyVersion = legacyVersion;
        this.random = random;
        this.sessionId = sessionId;
        this.cipherSuites = cipherSuites;
        this.compressionMethods = compressionMethods;
        this.extensions = extensions;
        this.bodies = bodies;
    }

    /** The version of the first record's header. */
    public int recordVersion() {
        return recordVersion;
    }

    /** The number of bytes that the hello's records take on the wire, their headers included. */
    public int wireLength() {
        return wireLength;
    }

    public int legacyVersion() {
        return legacyVersion;
    }

    /** The 32 random bytes. */
    public Octets random() {
        return random;
    }

    /** The legacy session id, 0 to 32 bytes. */
    public Octets sessionId() {
        return sessionId;
    }

    public List<Integer> cipherSuites() {
        return cipherSuites;
    }

    public List<Integer> compressionMethods() {
        return compressionMethods;
    }

    public List<Extension> extensions() {
        return extensions;
    }

    /** The types of all extensions in order. */
    public List<Integer> extensionTypes() {
        return extensions.stream().map(Extension::type).toList();
    }

    /** Returns the first extension of the given type. */
    public Optional<Extension> extension(int type) {
        return extensions.stream().filter(e -> e.type() == type).findFirst();
    }

    /** The host name of server_name. */
    public Optional<String> serverName() {
        return Optional.ofNullable(bodies.serverName);
    }

    /** The protocols of ALPN, each byte as one character of ISO 8859-1. */
    public List<String> alpn() {
        return bodies.alpn;
    }

    /** The groups of supported_groups. */
    public List<Integer> groups() {
        return bodies.groups;
    }

    public List<Integer> pointFormats() {
        return bodies.pointFormats;
    }

    public List<Integer> signatureAlgorithms() {
        return bodies.signatureAlgorithms;
    }

    public List<Integer> supportedVersions() {
        return bodies.supportedVersions;
    }

    public List<KeyShare> keyShares() {
        return bodies.keyShares;
    }

    public List<Integer> compressCertificate() {
        return bodies.compressCertificate;
    }

    /** The offer of application_settings, under either code point. */
    public Optional<Alps> alps() {
        return Optional.ofNullable(bodies.alps);
    }

    public List<Integer> pskKeyExchangeModes() {
        return bodies.pskKeyExchangeModes;
    }

    /** The encrypted_client_hello, real or GREASE: the two look alike. */
    public Optional<EchOffer> encryptedClientHello() {
        return Optional.ofNullable(bodies.ech);
    }

    public OptionalInt recordSizeLimit() {
        Integer limit = bodies.recordSizeLimit;
        return limit == null ? OptionalInt.empty() : OptionalInt.of(limit);
    }

    /** The signature algorithms of delegated_credentials. */
    public List<Integer> delegatedCredentials() {
        return bodies.delegatedCredentials;
    }

    /** The cookie that answers a HelloRetryRequest. */
    public Optional<Octets> cookie() {
        return Optional.ofNullable(bodies.cookie);
    }

    public Optional<PreSharedKeys> preSharedKeys() {
        return Optional.ofNullable(bodies.preSharedKeys);
    }

    /** An extension with its body as it was sent. */
    public record Extension(int type, Octets body) {}

    /** A key share: its group, GREASE or not, and the public key. */
    public record KeyShare(int group, Octets key) {}

    /** An ALPS offer: the extension's code point and the protocols. */
    public record Alps(int type, List<String> protocols) {}

    /**
     * An encrypted_client_hello of RFC 9849.
     *
     * @param inner whether it is the mark of an inner hello, which has no further fields
     * @param kdf the HPKE KDF
     * @param aead the HPKE AEAD
     * @param configId the config_id
     * @param encapsulatedKey the encapsulated key
     * @param payload the payload
     */
    public record EchOffer(boolean inner, int kdf, int aead, int configId, Octets encapsulatedKey, Octets payload) {}

    /** The offered PSKs: the length of each identity (ticket) and of each binder, in bytes. */
    public record PreSharedKeys(List<Integer> identityLengths, List<Integer> binderLengths) {
        public PreSharedKeys {
            identityLengths = List.copyOf(identityLengths);
            binderLengths = List.copyOf(binderLengths);
        }
    }
}
