package io.github.hc5.utls.it.servers;

import static io.github.hc5.utls.it.servers.HandshakeBytes.bytes;
import static io.github.hc5.utls.it.servers.HandshakeBytes.uint16;
import static io.github.hc5.utls.it.servers.HandshakeBytes.uint16s;
import static io.github.hc5.utls.it.servers.HandshakeBytes.uint8;

import io.github.hc5.utls.fingerprint.Grease;
import io.github.hc5.utls.fingerprint.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A ClientHello as it crossed the wire (RFC 8446 section 4.1.2).
 *
 * @param recordVersion the version of the record that carried it
 * @param length the length of the message's body in bytes
 * @param legacyVersion the legacy_version
 * @param random the 32 bytes of the random
 * @param sessionId the legacy_session_id
 * @param cipherSuites the cipher suites in order
 * @param compressionMethods the legacy_compression_methods
 * @param extensions the extensions in order
 */
public record WireClientHello(
        int recordVersion,
        int length,
        int legacyVersion,
        Octets random,
        Octets sessionId,
        List<Integer> cipherSuites,
        Octets compressionMethods,
        List<WireExtension> extensions) {

    private static final int CLIENT_HELLO = 1;

    public WireClientHello {
        cipherSuites = List.copyOf(cipherSuites);
        extensions = List.copyOf(extensions);
    }

    /** A key share: the group, and the length of the key in bytes. */
    public record KeyShare(int group, Octets key) {}

    static List<WireClientHello> parse(List<TlsRecord> records) {
        return HandshakeBytes.leading(records, CLIENT_HELLO).stream()
                .map(message -> parse(message.recordVersion(), message.body()))
                .toList();
    }

    private static WireClientHello parse(int recordVersion, ByteBuffer in) {
        int length = in.remaining();
        return new WireClientHello(
                recordVersion,
                length,
                uint16(in),
                Octets.of(bytes(in, 32)),
                Octets.of(bytes(in, uint8(in))),
                uint16s(in, uint16(in)),
                Octets.of(bytes(in, uint8(in))),
                HandshakeBytes.extensions(in));
    }

    /** Returns the extension of the given type, if there is one. */
    public Optional<WireExtension> extension(int type) {
        return extensions.stream().filter(extension -> extension.type() == type).findFirst();
    }

    /** Returns the extension types in the order sent. */
    public List<Integer> extensionOrder() {
        return extensions.stream().map(WireExtension::type).toList();
    }

    /** Returns the extension types in the order sent, without GREASE, which is drawn anew each time. */
    public List<Integer> extensionOrderWithoutGrease() {
        return extensionOrder().stream().filter(type -> !Grease.isGrease(type)).toList();
    }

    /** Returns the host name of server_name, if the client sent one. */
    public Optional<String> serverName() {
        return extension(0).map(extension -> {
            ByteBuffer in = extension.read();
            uint16(in);
            uint8(in);
            return new String(bytes(in, uint16(in)), StandardCharsets.US_ASCII);
        });
    }

    /** Returns the protocols of ALPN in order, none if the extension is absent. */
    public List<String> applicationProtocols() {
        return extension(16).map(WireClientHello::protocols).orElse(List.of());
    }

    /** Returns the list of an extension that is a vector of 16-bit values with a 16-bit length. */
    public List<Integer> uint16List(int type) {
        return extension(type)
                .map(extension -> {
                    ByteBuffer in = extension.read();
                    return uint16s(in, uint16(in));
                })
                .orElse(List.of());
    }

    /** Returns the list of supported_versions. */
    public List<Integer> supportedVersions() {
        return extension(43)
                .map(extension -> {
                    ByteBuffer in = extension.read();
                    return uint16s(in, uint8(in));
                })
                .orElse(List.of());
    }

    /** Returns the key shares in order. */
    public List<KeyShare> keyShares() {
        return extension(51)
                .map(extension -> {
                    ByteBuffer in = extension.read();
                    uint16(in);
                    List<KeyShare> shares = new ArrayList<>();
                    while (in.hasRemaining()) {
                        shares.add(new KeyShare(uint16(in), Octets.of(bytes(in, uint16(in)))));
                    }
                    return shares;
                })
                .orElse(List.of());
    }

    /** Returns the body of an extension that holds a list of protocol names, as ALPN and ALPS do. */
    static List<String> protocols(WireExtension extension) {
        ByteBuffer in = extension.read();
        uint16(in);
        List<String> names = new ArrayList<>();
        while (in.hasRemaining()) {
            names.add(new String(bytes(in, uint8(in)), StandardCharsets.US_ASCII));
        }
        return names;
    }
}
