package io.github.hc5.utls.tls;

import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;

/**
 * Reads TLS presentation language (RFC 8446 section 3) from a peer; anything that does not fit ends in the alert
 * {@code decode_error}.
 */
final class WireReader {

    private final String structure;
    private final byte[] bytes;
    private int position;

    /**
     * @param structure what is being read, for the error message
     * @param bytes the encoded structure
     */
    WireReader(String structure, byte[] bytes) {
        this.structure = structure;
        this.bytes = bytes;
    }

    int u8() throws TlsFatalAlert {
        require(1);
        return bytes[position++] & 0xFF;
    }

    int u16() throws TlsFatalAlert {
        return u8() << 8 | u8();
    }

    int u24() throws TlsFatalAlert {
        return u16() << 8 | u8();
    }

    long u32() throws TlsFatalAlert {
        return (long) u16() << 16 | u16();
    }

    byte[] take(int length) throws TlsFatalAlert {
        require(length);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    boolean atEnd() {
        return position == bytes.length;
    }

    int position() {
        return position;
    }

    void requireEnd() throws TlsFatalAlert {
        if (!atEnd()) {
            throw new TlsFatalAlert(
                    AlertDescription.decode_error, (bytes.length - position) + " bytes after the end of " + structure);
        }
    }

    private void require(int length) throws TlsFatalAlert {
        if (length > bytes.length - position) {
            throw new TlsFatalAlert(AlertDescription.decode_error, structure + " is cut short");
        }
    }
}
