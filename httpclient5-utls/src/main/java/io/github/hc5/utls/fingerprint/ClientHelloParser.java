package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a ClientHello (RFC 8446 section 4.1.2; RFC 5246 section 7.4.1.2) from the TLS records that carry it.
 *
 * <p>The message may be spread over several records. Everything is checked: record headers, all lengths, the bodies of the
 * extensions for which {@link ClientHelloMessage} has an accessor, and that no extension but GREASE occurs twice. Memory
 * is bounded by {@link #MAX_MESSAGE_LENGTH}.
 */
public final class ClientHelloParser {

    /** The greatest length of a ClientHello that is accepted, in bytes. */
    public static final int MAX_MESSAGE_LENGTH = 1 << 17;

    static final int CLIENT_HELLO = 1;

    private static final int RANDOM_LENGTH = 32;
    private static final int MAX_SESSION_ID_LENGTH = 32;

    private ClientHelloParser() {}

    /**
     * Parses the ClientHello at the start of a client's bytes; records after those of the hello are left alone.
     *
     * @param records what the client sent, from its first byte
     * @throws ClientHelloFormatException if the bytes are not a ClientHello in TLS records, or too few; no other exception
     *     comes from any content of the array
     */
    public static ClientHelloMessage parse(byte[] records) {
        HandshakeRecords defragmented = HandshakeRecords.read(records);
        byte[] message = defragmented.message();
        WireReader reader = new WireReader(message, 0, message.length, defragmented::inputOffset);
        reader.octets(HandshakeRecords.MESSAGE_HEADER, "handshake header");
        int legacyVersion = reader.u16("legacy_version");
        Octets random = reader.octets(RANDOM_LENGTH, "random");
        Octets sessionId = sessionId(reader.vector8("legacy_session_id"));
        List<Integer> suites = reader.vector16("cipher_suites").values16("cipher_suites");
        List<Integer> compression = reader.vector8("compression_methods").values8("compression_methods");
        ExtensionBodies bodies = new ExtensionBodies();
        List<ClientHelloMessage.Extension> extensions = List.of();
        if (reader.hasMore()) {
            extensions = extensions(reader.vector16("extensions"), bodies);
            reader.requireEnd("the extensions");
        }
        return new ClientHelloMessage(
                defragmented.recordVersion(),
                defragmented.wireLength(),
                legacyVersion,
                random,
                sessionId,
                suites,
                compression,
                extensions,
                bodies);
    }

    private static Octets sessionId(WireReader reader) {
        if (reader.remaining() > MAX_SESSION_ID_LENGTH) {
            throw reader.malformed("legacy_session_id has " + reader.remaining() + " bytes, at most 32 are allowed");
        }
        return reader.rest();
    }

    private static List<ClientHelloMessage.Extension> extensions(WireReader reader, ExtensionBodies bodies) {
        List<ClientHelloMessage.Extension> extensions = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        while (reader.hasMore()) {
            int type = reader.u16("extension type");
            if (!seen.add(type) && !Grease.isGrease(type)) {
                throw reader.malformed("extension " + type + " occurs twice");
            }
            WireReader body = reader.vector16("extension " + type);
            extensions.add(
                    new ClientHelloMessage.Extension(type, body.duplicate().rest()));
            bodies.decode(type, body);
        }
        return List.copyOf(extensions);
    }
}
