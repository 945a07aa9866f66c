package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Decodes one content coding as the bytes arrive. Not safe for use by several threads. */
interface ContentDecoder {

    /** The size of the portions in which decoders hand on what they have decoded, in bytes. */
    int PORTION = 1 << 14;

    /** Takes decoded bytes, which are valid during the call only. */
    interface Sink {
        void accept(ByteBuffer decoded) throws IOException;
    }

    /**
     * Decodes all of {@code src}.
     *
     * @throws ContentDecodingException if it is malformed
     */
    void decode(ByteBuffer src, Sink sink) throws IOException;

    /**
     * The content ends here.
     *
     * @throws ContentDecodingException if something is missing
     */
    void finish(Sink sink) throws IOException;

    /** Frees what is held outside the heap; may be called twice. */
    void close();
}
