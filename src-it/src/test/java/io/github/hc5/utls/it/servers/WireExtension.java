package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.nio.ByteBuffer;

/**
 * One extension of a hello as it was sent.
 *
 * @param type the 16-bit type
 * @param body the extension_data
 */
public record WireExtension(int type, Octets body) {

    static WireExtension of(int type, byte[] body) {
        return new WireExtension(type, Octets.of(body));
    }

    /** Returns the body, ready to be read. */
    ByteBuffer read() {
        return ByteBuffer.wrap(body.toByteArray());
    }
}
