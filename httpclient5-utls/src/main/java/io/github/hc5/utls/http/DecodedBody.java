package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a response's content on its way to the consumer, as the profile's Accept-Encoding has promised the server. What
 * arrives small and comes out enormous is cut off: after the first {@value #GRACE} bytes, content may be no more than
 * {@value #MAX_EXPANSION} times its coded size. Used by the I/O thread alone.
 */
final class DecodedBody implements AsyncDataConsumer {

    static final int GRACE = 16 << 20;
    static final int MAX_EXPANSION = 250;

    private static final int MAX_CODINGS = 3;

    private final AsyncDataConsumer consumer;
    private final List<ContentDecoder> decoders;
    private long coded;
    private long decoded;

    private DecodedBody(AsyncDataConsumer consumer, List<ContentDecoder> decoders) {
        this.consumer = consumer;
        this.decoders = decoders;
    }

    /**
     * Returns the consumer to give the content to, and removes from the head what is true of the coded content only;
     * {@code null} if there is nothing to decode, or a coding that is unknown here.
     */
    static @Nullable DecodedBody of(HttpResponse head, AsyncDataConsumer consumer) throws IOException {
        if (head.getCode() == HttpStatus.SC_PARTIAL_CONTENT || !head.containsHeader("Content-Encoding")) {
            return null;
        }
        List<ContentDecoder> decoders = decoders(head);
        if (decoders.isEmpty()) {
            return null;
        }
        head.removeHeaders("Content-Encoding");
        head.removeHeaders("Content-Length");
        head.removeHeaders("Content-MD5");
        return new DecodedBody(consumer, decoders);
    }

    /** Returns the decoders in the order of decoding, the reverse of the header's (RFC 9110 section 8.4). */
    private static List<ContentDecoder> decoders(HttpResponse head) throws IOException {
        List<ContentDecoder> decoders = new ArrayList<>();
        for (Header header : head.getHeaders("Content-Encoding")) {
            for (String coding : String.valueOf(header.getValue()).split(",", -1)) {
                String name = coding.strip().toLowerCase(Locale.ROOT);
                if (name.isEmpty() || name.equals("identity")) {
                    continue;
                }
                ContentDecoder decoder = decoders.size() < MAX_CODINGS ? decoder(name) : null;
                if (decoder == null) {
                    decoders.forEach(ContentDecoder::close);
                    return List.of();
                }
                decoders.add(0, decoder);
            }
        }
        return decoders;
    }

    private static @Nullable ContentDecoder decoder(String coding) throws IOException {
        return switch (coding) {
            case "gzip", "x-gzip" -> new GzipDecoder();
            case "deflate" -> new InflateDecoder();
            case "br" -> BrotliDecoder.create();
            case "zstd" -> new ZstdDecoder();
            default -> null;
        };
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        consumer.updateCapacity(channel);
    }

    @Override
    public void consume(ByteBuffer src) throws IOException {
        coded += src.remaining();
        decode(0, src);
    }

    private void decode(int stage, ByteBuffer bytes) throws IOException {
        if (stage < decoders.size()) {
            decoders.get(stage).decode(bytes, out -> decode(stage + 1, out));
            return;
        }
        decoded += bytes.remaining();
        if (decoded > GRACE && decoded / MAX_EXPANSION > coded) {
            throw new ContentDecodingException("content of " + coded + " bytes expands to more than " + decoded
                    + ", allowed is " + MAX_EXPANSION + " times its size");
        }
        if (bytes.hasRemaining()) {
            consumer.consume(bytes);
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        for (int i = 0; i < decoders.size(); i++) {
            int stage = i;
            decoders.get(i).finish(out -> decode(stage + 1, out));
        }
        consumer.streamEnd(trailers);
    }

    /** Frees the decoders; the consumer is released by its owner. */
    @Override
    public void releaseResources() {
        decoders.forEach(ContentDecoder::close);
    }
}
