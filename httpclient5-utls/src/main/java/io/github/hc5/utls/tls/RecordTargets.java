package io.github.hc5.utls.tls;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine's caller wants the bytes of the record in hand, so that the cipher can put them there itself and
 * nothing is copied. Set around each record; for use by one thread at a time.
 */
final class RecordTargets {

    private @Nullable ByteBuffer ciphertext;
    private @Nullable ByteBuffer plaintext;

    /** Where a record goes that is written now; null while records wait to be fetched. */
    void ciphertext(@Nullable ByteBuffer target) {
        ciphertext = target;
    }

    /** Where the plaintext goes of a record that is read now; null where it has no single place. */
    void plaintext(@Nullable ByteBuffer target) {
        plaintext = target;
    }

    @Nullable
    ByteBuffer ciphertext() {
        return ciphertext;
    }

    /** Returns the ciphertext's buffer if its array can take so many bytes from its position on, otherwise null. */
    @Nullable
    ByteBuffer ciphertextArray(int length) {
        return usable(ciphertext, length);
    }

    /** Returns the plaintext's buffer if its array can take so many bytes from its position on, otherwise null. */
    @Nullable
    ByteBuffer plaintextArray(int length) {
        return usable(plaintext, length);
    }

    /** Puts bytes into the buffer; where the cipher has put them there already, only moves its position. */
    static void put(ByteBuffer target, byte[] bytes, int offset, int length) {
        if (target.hasArray() && target.array() == bytes && target.arrayOffset() + target.position() == offset) {
            target.position(target.position() + length);
        } else {
            target.put(bytes, offset, length);
        }
    }

    private static @Nullable ByteBuffer usable(@Nullable ByteBuffer buffer, int length) {
        return buffer != null && buffer.hasArray() && buffer.remaining() >= length ? buffer : null;
    }
}
