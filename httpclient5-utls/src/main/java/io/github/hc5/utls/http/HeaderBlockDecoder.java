package io.github.hc5.utls.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the peer's header blocks. A block is always decoded to its end, even when its fields are too large to be kept:
 * the blocks of a connection share one table, and skipping a part would break all that follow. Used by the I/O thread
 * alone.
 */
final class HeaderBlockDecoder {

    private static final int FIELD_OVERHEAD = 32;

    private final HPackDecoder decoder = new HPackDecoder(H2Frames.DEFAULT_TABLE_SIZE, (CharsetDecoder) null);
    private final int maxListSize;

    /**
     * @param maxTableSize our SETTINGS_HEADER_TABLE_SIZE, which the peer may use as soon as it has seen it
     * @param maxListSize the largest sum of names, values and 32 bytes each that is kept (RFC 9113 section 6.5.2)
     */
    HeaderBlockDecoder(int maxTableSize, int maxListSize) {
        decoder.setMaxTableSize(maxTableSize);
        this.maxListSize = maxListSize;
    }

    /**
     * Decodes a whole block.
     *
     * @return the fields, or {@code null} if they exceed the limit
     * @throws H2ConnectionException if the block is malformed, which ends the connection
     */
    @Nullable
    List<Header> decode(ByteBuffer block) throws H2ConnectionException {
        List<Header> fields = new ArrayList<>(16);
        long size = 0;
        try {
            Header field = decoder.decodeHeader(block);
            while (field != null) {
                size += FIELD_OVERHEAD
                        + field.getName().length()
                        + field.getValue().length();
                if (size <= maxListSize) {
                    fields.add(field);
                }
                field = decoder.decodeHeader(block);
            }
        } catch (HPackException | RuntimeException ex) {
            throw new H2ConnectionException(H2Error.COMPRESSION_ERROR, "malformed header block: " + ex.getMessage());
        }
        return size <= maxListSize ? fields : null;
    }
}
