package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The coding "deflate": a zlib stream (RFC 9110 section 8.4.1.2), or a bare deflate stream as many servers send under that
 * name. The first two bytes tell which: a zlib header names method 8 and is divisible by 31 (RFC 1950 section 2.2).
 */
final class InflateDecoder implements ContentDecoder {

    private final byte[] portion = new byte[PORTION];
    private final byte[] start = new byte[2];
    private int startLength;
    private Inflater inflater = new Inflater(true);
    private boolean closed;

    @Override
    public void decode(ByteBuffer src, Sink sink) throws IOException {
        while (startLength < 2) {
            if (!src.hasRemaining()) {
                return;
            }
            start[startLength++] = src.get();
            if (startLength == 2) {
                boolean zlib = (start[0] & 0x0F) == 8 && ((start[0] & 0xFF) << 8 | (start[1] & 0xFF)) % 31 == 0;
                if (zlib) {
                    inflater.end();
                    inflater = new Inflater(false);
                }
                inflate(ByteBuffer.wrap(start), sink);
            }
        }
        inflate(src, sink);
    }

    private void inflate(ByteBuffer src, Sink sink) throws IOException {
        if (!inflater.finished()) {
            inflate(inflater, src, portion, sink);
        }
    }

    /** Inflates until the input or the stream ends; what follows the stream stays in {@code src}. */
    static void inflate(Inflater inflater, ByteBuffer src, byte[] portion, Sink sink) throws IOException {
        inflater.setInput(src);
        try {
            int count = inflater.inflate(portion);
            while (count > 0) {
                sink.accept(ByteBuffer.wrap(portion, 0, count));
                count = inflater.inflate(portion);
            }
        } catch (DataFormatException ex) {
            throw new ContentDecodingException("malformed deflate data", ex);
        }
        if (inflater.needsDictionary()) {
            throw new ContentDecodingException("deflate data needs a dictionary");
        }
    }

    @Override
    public void finish(Sink sink) throws IOException {
        if (startLength > 0 && !inflater.finished()) {
            throw new ContentDecodingException("deflate data is cut off");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            inflater.end();
        }
    }
}
