package io.github.hc5.utls.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.brotli.dec.BrotliInputStream;

/**
 * The coding "br" in Java alone: its decoder must be able to read to the end without waiting, so the coded content is
 * collected first, up to a limit.
 */
final class BufferedBrotliDecoder implements ContentDecoder {

    private static final int MAX_CODED = 32 << 20;

    private final ByteArrayOutputStream coded = new ByteArrayOutputStream();

    @Override
    public void decode(ByteBuffer src, Sink sink) throws IOException {
        if (coded.size() + src.remaining() > MAX_CODED) {
            throw new ContentDecodingException("br data of more than " + MAX_CODED + " bytes");
        }
        byte[] bytes = new byte[src.remaining()];
        src.get(bytes);
        coded.writeBytes(bytes);
    }

    @Override
    public void finish(Sink sink) throws IOException {
        if (coded.size() == 0) {
            return;
        }
        byte[] portion = new byte[PORTION];
        try (BrotliInputStream in = new BrotliInputStream(new ByteArrayInputStream(coded.toByteArray()))) {
            int count = read(in, portion);
            while (count > 0) {
                sink.accept(ByteBuffer.wrap(portion, 0, count));
                count = read(in, portion);
            }
        }
    }

    private static int read(BrotliInputStream in, byte[] portion) throws ContentDecodingException {
        try {
            return in.read(portion);
        } catch (IOException | RuntimeException ex) {
            throw new ContentDecodingException("malformed br data", ex);
        }
    }

    @Override
    public void close() {}
}
