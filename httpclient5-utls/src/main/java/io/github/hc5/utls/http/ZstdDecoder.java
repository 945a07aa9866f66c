package io.github.hc5.utls.http;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The coding "zstd" (RFC 8878). A frame whose window is larger than 8 MiB is refused (RFC 9659), as browsers do: the window
 * is what a server can make us allocate.
 */
final class ZstdDecoder implements ContentDecoder {

    private static final long MAX_WINDOW = 8 << 20;
    private static final int MAX_POOLED = 64;

    /** The native code reads and writes direct memory only, which is costly to allocate. */
    private record Buffers(ByteBuffer in, ByteBuffer out) {}

    private static final Queue<Buffers> POOL = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger POOLED = new AtomicInteger();

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final byte[] portion = new byte[PORTION];
    private final ZstdFrameHeader header = new ZstdFrameHeader();
    private @Nullable Buffers buffers = take();
    private boolean insideFrame;

    @Override
    public void decode(ByteBuffer src, Sink sink) throws IOException {
        Buffers held = buffers;
        if (held == null) {
            throw new ContentDecodingException("decoder is closed");
        }
        ByteBuffer in = held.in();
        while (src.hasRemaining()) {
            in.clear();
            if (!insideFrame) {
                if (!header.collect(src)) {
                    return;
                }
                if (header.window() > MAX_WINDOW) {
                    throw new ContentDecodingException(
                            "zstd window of " + header.window() + " bytes, allowed are " + MAX_WINDOW);
                }
                in.put(header.bytes());
                header.reset();
                insideFrame = true;
            }
            int count = Math.min(src.remaining(), in.remaining());
            in.put(src.slice(src.position(), count));
            src.position(src.position() + count);
            in.flip();
            decompress(held, src, sink);
        }
    }

    /** Decompresses the input buffer; at the end of a frame, what is left of it goes back to {@code src}. */
    private void decompress(Buffers held, ByteBuffer src, Sink sink) throws IOException {
        ByteBuffer in = held.in();
        ByteBuffer out = held.out();
        boolean full = true;
        while (in.hasRemaining() || full) {
            out.clear();
            boolean frameDone;
            try {
                frameDone = context.decompressDirectByteBufferStream(out, in);
            } catch (ZstdException ex) {
                throw new ContentDecodingException("malformed zstd data", ex);
            }
            full = !out.hasRemaining();
            out.flip();
            while (out.hasRemaining()) {
                int count = Math.min(out.remaining(), portion.length);
                out.get(portion, 0, count);
                sink.accept(ByteBuffer.wrap(portion, 0, count));
            }
            if (frameDone) {
                insideFrame = false;
                src.position(src.position() - in.remaining());
                return;
            }
        }
    }

    @Override
    public void finish(Sink sink) throws IOException {
        if (insideFrame || !header.isEmpty()) {
            throw new ContentDecodingException("zstd data is cut off");
        }
    }

    @Override
    public void close() {
        Buffers held = buffers;
        if (held == null) {
            return;
        }
        buffers = null;
        context.close();
        if (POOLED.incrementAndGet() <= MAX_POOLED) {
            POOL.add(held);
        } else {
            POOLED.decrementAndGet();
        }
    }

    private static Buffers take() {
        Buffers pooled = POOL.poll();
        if (pooled != null) {
            POOLED.decrementAndGet();
            return pooled;
        }
        return new Buffers(ByteBuffer.allocateDirect(1 << 15), ByteBuffer.allocateDirect(1 << 16));
    }
}
