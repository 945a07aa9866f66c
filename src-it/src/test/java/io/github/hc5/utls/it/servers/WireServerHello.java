package io.github.hc5.utls.it.servers;

import static io.github.hc5.utls.it.servers.HandshakeBytes.bytes;
import static io.github.hc5.utls.it.servers.HandshakeBytes.uint16;
import static io.github.hc5.utls.it.servers.HandshakeBytes.uint8;

import io.github.hc5.utls.fingerprint.Octets;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A ServerHello or HelloRetryRequest as it crossed the wire (RFC 8446 section 4.1.3).
 *
 * @param legacyVersion the legacy_version
 * @param random the 32 bytes of the random
 * @param cipherSuite the selected cipher suite
 * @param extensions the extensions in order
 */
public record WireServerHello(int legacyVersion, Octets random, int cipherSuite, List<WireExtension> extensions) {

    private static final int SERVER_HELLO = 2;
    private static final Octets RETRY_RANDOM =
            Octets.ofHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    public WireServerHello {
        extensions = List.copyOf(extensions);
    }

    static List<WireServerHello> parse(List<TlsRecord> records) {
        return HandshakeBytes.leading(records, SERVER_HELLO).stream()
                .map(message -> parse(message.body()))
                .toList();
    }

    private static WireServerHello parse(ByteBuffer in) {
        int version = uint16(in);
        Octets random = Octets.of(bytes(in, 32));
        bytes(in, uint8(in));
        int cipherSuite = uint16(in);
        uint8(in);
        return new WireServerHello(version, random, cipherSuite, HandshakeBytes.extensions(in));
    }

    /** Returns whether this is a HelloRetryRequest. */
    public boolean isHelloRetryRequest() {
        return random.equals(RETRY_RANDOM);
    }

    /** Returns the negotiated protocol version. */
    public int version() {
        return extension(43).map(extension -> uint16(extension.read())).orElse(legacyVersion);
    }

    /** Returns the named group of key_share, if the message has one. */
    public Optional<Integer> group() {
        return extension(51).map(extension -> uint16(extension.read()));
    }

    /** Returns the cookie's extension, if the message has one. */
    public Optional<WireExtension> cookie() {
        return extension(44);
    }

    private Optional<WireExtension> extension(int type) {
        return extensions.stream().filter(extension -> extension.type() == type).findFirst();
    }
}
