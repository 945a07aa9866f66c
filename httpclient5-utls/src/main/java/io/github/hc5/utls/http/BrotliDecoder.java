package io.github.hc5.utls.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The coding "br" (RFC 7932), by the library that HttpClient itself uses: the decoder in Java can only be pulled from, and
 * would have to block a thread for each response. Where the native library does not load, {@link BufferedBrotliDecoder}
 * stands in.
 */
final class BrotliDecoder implements ContentDecoder {

    private static final boolean AVAILABLE = isLoaded();

    private final DecoderJNI.Wrapper decoder;
    private boolean started;
    private boolean closed;

    private BrotliDecoder() throws IOException {
        decoder = new DecoderJNI.Wrapper(PORTION);
    }

    static ContentDecoder create() throws IOException {
        return AVAILABLE ? new BrotliDecoder() : new BufferedBrotliDecoder();
    }

    private static boolean isLoaded() {
        try {
            return Brotli4jLoader.isAvailable();
        } catch (LinkageError ex) {
            return false;
        }
    }

    @Override
    public void decode(ByteBuffer src, Sink sink) throws IOException {
        started |= src.hasRemaining();
        while (src.hasRemaining() && decoder.getStatus() != DecoderJNI.Status.DONE) {
            ByteBuffer input = decoder.getInputBuffer();
            input.clear();
            int count = Math.min(src.remaining(), input.remaining());
            input.put(src.slice(src.position(), count));
            src.position(src.position() + count);
            decoder.push(count);
            drain(sink);
        }
    }

    private void drain(Sink sink) throws IOException {
        while (true) {
            switch (decoder.getStatus()) {
                case OK -> decoder.push(0);
                case NEEDS_MORE_OUTPUT -> pull(sink);
                case NEEDS_MORE_INPUT -> {
                    pull(sink);
                    return;
                }
                case DONE -> {
                    pull(sink);
                    return;
                }
                default -> throw new ContentDecodingException("malformed br data");
            }
        }
    }

    private void pull(Sink sink) throws IOException {
        while (decoder.hasOutput()) {
            ByteBuffer decoded = decoder.pull();
            if (!decoded.hasRemaining()) {
                return;
            }
            sink.accept(decoded);
        }
    }

    @Override
    public void finish(Sink sink) throws IOException {
        if (started && decoder.getStatus() != DecoderJNI.Status.DONE) {
            throw new ContentDecodingException("br data is cut off");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            decoder.destroy();
        }
    }
}
