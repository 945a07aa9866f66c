package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Inflater;

/** The coding "gzip" (RFC 1952): one or several members; what follows the last is ignored, as browsers do. */
final class GzipDecoder implements ContentDecoder {

    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;

    private enum Part {
        HEADER,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CHECKSUM,
        BODY,
        TRAILER,
        BETWEEN,
        IGNORED
    }

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] portion = new byte[PORTION];
    private final byte[] fixed = new byte[10];
    private Part part = Part.HEADER;
    private int count;
    private int extra;
    private boolean started;
    private boolean closed;

    @Override
    public void decode(ByteBuffer src, Sink sink) throws IOException {
        started |= src.hasRemaining();
        while (src.hasRemaining() && part != Part.IGNORED) {
            if (part == Part.BODY) {
                body(src, sink);
            } else {
                octet(src.get());
            }
        }
    }

    private void body(ByteBuffer src, Sink sink) throws IOException {
        InflateDecoder.inflate(inflater, src, portion, decoded -> {
            checksum.update(decoded.duplicate());
            sink.accept(decoded);
        });
        if (inflater.finished()) {
            enter(Part.TRAILER);
        }
    }

    private void octet(byte value) throws IOException {
        switch (part) {
            case HEADER -> {
                fixed[count++] = value;
                if (count == 10) {
                    header();
                }
            }
            case EXTRA_LENGTH -> {
                extra |= (value & 0xFF) << (8 * count++);
                if (count == 2) {
                    enter(extra == 0 ? after(Part.EXTRA) : Part.EXTRA);
                }
            }
            case EXTRA -> {
                if (++count == extra) {
                    enter(after(Part.EXTRA));
                }
            }
            case NAME, COMMENT -> {
                if (value == 0) {
                    enter(after(part));
                }
            }
            case CHECKSUM -> {
                if (++count == 2) {
                    enter(Part.BODY);
                }
            }
            case TRAILER -> {
                fixed[count++] = value;
                if (count == 8) {
                    trailer();
                }
            }
            case BETWEEN -> {
                enter(value == 0x1F ? Part.HEADER : Part.IGNORED);
                fixed[count++] = value;
            }
            default -> throw new IllegalStateException(part.name());
        }
    }

    private void header() throws ContentDecodingException {
        if (fixed[0] != 0x1F || fixed[1] != (byte) 0x8B || fixed[2] != 8) {
            throw new ContentDecodingException("content is not gzip as its Content-Encoding says");
        }
        enter(after(Part.HEADER));
    }

    private Part after(Part done) {
        int flags = fixed[3];
        if (done == Part.HEADER && (flags & HAS_EXTRA) != 0) {
            extra = 0;
            return Part.EXTRA_LENGTH;
        }
        if (done.compareTo(Part.NAME) < 0 && (flags & HAS_NAME) != 0) {
            return Part.NAME;
        }
        if (done.compareTo(Part.COMMENT) < 0 && (flags & HAS_COMMENT) != 0) {
            return Part.COMMENT;
        }
        return (flags & HAS_CHECKSUM) != 0 ? Part.CHECKSUM : Part.BODY;
    }

    private void trailer() throws ContentDecodingException {
        int crc = ByteBuffer.wrap(fixed).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(0);
        if (crc != (int) checksum.getValue()) {
            throw new ContentDecodingException("gzip checksum does not match");
        }
        inflater.reset();
        checksum.reset();
        enter(Part.BETWEEN);
    }

    private void enter(Part next) {
        part = next;
        count = 0;
    }

    @Override
    public void finish(Sink sink) throws IOException {
        if (started && part != Part.BETWEEN && part != Part.IGNORED) {
            throw new ContentDecodingException("gzip data is cut off");
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
