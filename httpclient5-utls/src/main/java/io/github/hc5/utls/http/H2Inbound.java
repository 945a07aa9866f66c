package io.github.hc5.utls.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the peer's frames apart (RFC 9113 section 6). What concerns one stream ends that stream at most; a frame of an
 * unknown type is ignored (section 5.5), and so is one for a stream that was open once, except that its header block is
 * decoded and its data counted. Used by the I/O thread alone.
 */
final class H2Inbound implements FrameReader.Sink {

    /** Bounds what a peer can make us keep by CONTINUATION frames without end. */
    private static final int MAX_BLOCK = 1 << 20;

    private static final int MAX_CONTINUATIONS = 1024;

    private final H2Session session;
    private final H2Output output;
    private final HeaderBlockDecoder decoder;
    private final boolean refusesPush;

    private boolean settingsAcknowledged;
    private int lastPromised;

    private @Nullable ByteArrayOutputStream block;
    private int blockStream;
    private boolean blockEndsStream;
    private boolean blockIsPromise;
    private int continuations;

    /** @param refusesPush whether our SETTINGS forbid server push */
    H2Inbound(H2Session session, H2Output output, HeaderBlockDecoder decoder, boolean refusesPush) {
        this.session = session;
        this.output = output;
        this.decoder = decoder;
        this.refusesPush = refusesPush;
    }

    @Override
    public void frame(int type, int flags, int streamId, ByteBuffer payload) throws IOException {
        if (block != null && (type != H2Frames.CONTINUATION || streamId != blockStream)) {
            throw protocolError("a header block is interrupted by frame type " + type);
        }
        switch (type) {
            case H2Frames.DATA -> data(flags, streamId, payload);
            case H2Frames.HEADERS -> headers(flags, streamId, payload);
            case H2Frames.CONTINUATION -> continuation(flags, payload);
            case H2Frames.RST_STREAM -> reset(streamId, payload);
            case H2Frames.SETTINGS -> settings(flags, streamId, payload);
            case H2Frames.PUSH_PROMISE -> promise(flags, streamId, payload);
            case H2Frames.PING -> ping(flags, streamId, payload);
            case H2Frames.GOAWAY -> goAway(streamId, payload);
            case H2Frames.WINDOW_UPDATE -> windowUpdate(streamId, payload);
            default -> {}
        }
    }

    private void data(int flags, int streamId, ByteBuffer payload) throws IOException {
        H2Stream stream = open(streamId);
        int count = payload.remaining();
        boolean allowed = output.received(stream, count);
        unpad(flags, payload);
        if (stream == null) {
            return;
        }
        if (!allowed) {
            session.abort(
                    stream, new H2StreamResetException(H2Error.FLOW_CONTROL_ERROR, "more data than the window allows"));
            return;
        }
        int padding = count - payload.remaining();
        if (padding > 0) {
            output.refill(stream, padding);
        }
        guarded(stream, () -> stream.data(payload, (flags & H2Frames.END_STREAM) != 0));
    }

    private void headers(int flags, int streamId, ByteBuffer payload) throws IOException {
        open(streamId);
        unpad(flags, payload);
        if ((flags & H2Frames.HAS_PRIORITY) != 0) {
            require(payload.remaining() >= 5, "HEADERS without its priority fields");
            payload.position(payload.position() + 5);
        }
        blockStream = streamId;
        blockEndsStream = (flags & H2Frames.END_STREAM) != 0;
        blockIsPromise = false;
        fragment(flags, payload);
    }

    private void continuation(int flags, ByteBuffer payload) throws IOException {
        require(block != null, "CONTINUATION without HEADERS");
        if (++continuations > MAX_CONTINUATIONS) {
            throw new H2ConnectionException(H2Error.ENHANCE_YOUR_CALM, "a header block in too many frames");
        }
        fragment(flags, payload);
    }

    private void fragment(int flags, ByteBuffer payload) throws IOException {
        boolean last = (flags & H2Frames.END_HEADERS) != 0;
        if (block == null && last) {
            block(payload);
            return;
        }
        if (block == null) {
            block = new ByteArrayOutputStream(payload.remaining() * 2);
            continuations = 0;
        }
        if (block.size() + payload.remaining() > MAX_BLOCK) {
            throw new H2ConnectionException(H2Error.ENHANCE_YOUR_CALM, "a header block of more than 1 MiB");
        }
        while (payload.hasRemaining()) {
            block.write(payload.get());
        }
        if (last) {
            ByteBuffer whole = ByteBuffer.wrap(block.toByteArray());
            block = null;
            block(whole);
        }
    }

    private void block(ByteBuffer whole) throws IOException {
        List<Header> fields = decoder.decode(whole);
        if (blockIsPromise) {
            output.reset(lastPromised, H2Error.REFUSED_STREAM);
            return;
        }
        if (fields != null) {
            session.wire().response(blockStream, fields);
        }
        H2Stream stream = output.stream(blockStream);
        if (stream == null) {
            return;
        }
        if (fields == null) {
            session.abort(stream, new ProtocolException("the response's headers exceed the limit of the profile"));
        } else {
            boolean endsStream = blockEndsStream;
            guarded(stream, () -> stream.headers(fields, endsStream));
        }
    }

    private void reset(int streamId, ByteBuffer payload) throws IOException {
        requireLength("RST_STREAM", payload, 4);
        H2Stream stream = open(streamId);
        if (stream != null) {
            int code = payload.getInt();
            guarded(stream, () -> stream.reset(code));
        }
    }

    private void settings(int flags, int streamId, ByteBuffer payload) throws IOException {
        require(streamId == 0, "SETTINGS on a stream");
        if ((flags & H2Frames.ACK) == 0) {
            output.peerSettings(payload);
            session.peerSettingsApplied();
        } else {
            requireLength("SETTINGS acknowledgement", payload, 0);
            settingsAcknowledged = true;
        }
    }

    /** A push that races with our SETTINGS is refused; one in spite of them is an error (RFC 9113 section 6.6). */
    private void promise(int flags, int streamId, ByteBuffer payload) throws IOException {
        require(!(refusesPush && settingsAcknowledged), "PUSH_PROMISE although push is disabled");
        open(streamId);
        unpad(flags, payload);
        require(payload.remaining() >= 4, "PUSH_PROMISE without a stream");
        int promised = payload.getInt() & 0x7FFFFFFF;
        require((promised & 1) == 0 && promised > lastPromised, "PUSH_PROMISE of stream " + promised);
        lastPromised = promised;
        blockStream = streamId;
        blockIsPromise = true;
        fragment(flags, payload);
    }

    private void ping(int flags, int streamId, ByteBuffer payload) throws IOException {
        require(streamId == 0, "PING on a stream");
        requireLength("PING", payload, 8);
        if ((flags & H2Frames.ACK) == 0) {
            output.ping(H2Frames.ACK, payload.getLong());
        } else {
            session.pingAnswered(payload);
        }
    }

    private void goAway(int streamId, ByteBuffer payload) throws IOException {
        require(streamId == 0, "GOAWAY on a stream");
        if (payload.remaining() < 8) {
            throw new H2ConnectionException(H2Error.FRAME_SIZE_ERROR, "GOAWAY is too short");
        }
        int last = payload.getInt() & 0x7FFFFFFF;
        session.goAway(last, payload.getInt());
    }

    private void windowUpdate(int streamId, ByteBuffer payload) throws IOException {
        requireLength("WINDOW_UPDATE", payload, 4);
        H2Stream stream = streamId == 0 ? null : open(streamId);
        int increment = payload.getInt() & 0x7FFFFFFF;
        require(increment != 0 || stream != null, "WINDOW_UPDATE of 0");
        boolean legal = increment != 0 && output.peerWindow(streamId, increment);
        if (!legal && stream != null) {
            H2Error error = increment == 0 ? H2Error.PROTOCOL_ERROR : H2Error.FLOW_CONTROL_ERROR;
            session.abort(stream, new H2StreamResetException(error, "illegal WINDOW_UPDATE of " + increment));
        }
    }

    /** Returns the stream, {@code null} if it was open once. */
    private @Nullable H2Stream open(int streamId) throws H2ConnectionException {
        H2Stream stream = output.stream(streamId);
        if (stream == null) {
            boolean promised = (streamId & 1) == 0 && streamId > 0 && streamId <= lastPromised;
            require(promised || output.wasOpened(streamId), "a frame on stream " + streamId + ", which is idle");
        }
        return stream;
    }

    private interface Step {
        void run() throws HttpException, IOException;
    }

    /** What goes wrong on one stream, in the message or in its handler, ends that stream only. */
    private void guarded(H2Stream stream, Step step) {
        try {
            step.run();
            stream.endIfComplete();
        } catch (HttpException | IOException | RuntimeException ex) {
            session.abort(stream, ex);
        }
    }

    private static void unpad(int flags, ByteBuffer payload) throws H2ConnectionException {
        if ((flags & H2Frames.PADDED) == 0) {
            return;
        }
        require(payload.hasRemaining(), "a padded frame without its padding length");
        int padding = payload.get() & 0xFF;
        require(padding <= payload.remaining(), "padding longer than the frame");
        payload.limit(payload.limit() - padding);
    }

    private static void requireLength(String frame, ByteBuffer payload, int length) throws H2ConnectionException {
        if (payload.remaining() != length) {
            throw new H2ConnectionException(
                    H2Error.FRAME_SIZE_ERROR, frame + " of " + payload.remaining() + " bytes, must have " + length);
        }
    }

    private static void require(boolean holds, String otherwise) throws H2ConnectionException {
        if (!holds) {
            throw protocolError(otherwise);
        }
    }

    private static H2ConnectionException protocolError(String message) {
        return new H2ConnectionException(H2Error.PROTOCOL_ERROR, "the peer sent " + message);
    }
}
