package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Grease;
import io.github.hc5.utls.fingerprint.Http2Spec;
import io.github.hc5.utls.fingerprint.Http2Spec.PriorityFrame;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import io.github.hc5.utls.fingerprint.Http2Spec.StreamPriority;
import io.github.hc5.utls.fingerprint.RequestKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Lock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.jspecify.annotations.Nullable;

/**
 * Everything of an HTTP/2 connection whose order on the wire matters: stream ids, header compression, windows and frames,
 * all under the session's lock, because bodies are written and windows opened by threads of the application too. No
 * method calls out.
 */
final class H2Output {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Body bytes are taken only while fewer than this are waiting, so that memory stays bounded. */
    private static final int MAX_PENDING = 1 << 16;

    /** Makes a DATA frame with its header fit into one TLS record. */
    private static final int MAX_DATA = (1 << 14) - H2Frames.HEADER_LENGTH;

    private final Lock lock;
    private final Http2Spec spec;
    private final boolean recordPerFrame;
    private final RandomGenerator random;

    // guarded by lock
    private final FrameWriter frames = new FrameWriter();
    private final AnswerBacklog answers = new AnswerBacklog();
    private final HpackShaper hpack;
    private final PeerSettings peer = new PeerSettings();
    private final StreamTable streams = new StreamTable();
    private final FlowGovernor governor;
    private int nextStreamId;
    private int window = H2Frames.DEFAULT_WINDOW;
    private boolean draining;

    /** @param recordPerFrame whether frames are put into TLS records as browsers do; otherwise as few as possible */
    H2Output(Lock lock, Http2Spec spec, boolean recordPerFrame, RandomGenerator random, LongSupplier nanoTime) {
        this.lock = lock;
        this.spec = spec;
        this.recordPerFrame = recordPerFrame;
        this.random = random;
        this.hpack = new HpackShaper(spec.hpack());
        this.governor = new FlowGovernor(spec, nanoTime);
        this.nextStreamId = spec.firstStreamId();
    }

    /** Preface, SETTINGS, WINDOW_UPDATE, PRIORITY: the first bytes of the connection. */
    void start() {
        lock.lock();
        try {
            frames.bytes(PREFACE, 0, PREFACE.length);
            frames.begin(H2Frames.SETTINGS, 0, 0);
            for (Setting setting : spec.settings()) {
                boolean grease = setting.id() == Grease.PLACEHOLDER;
                frames.int16(grease ? Grease.draw(random) : setting.id());
                frames.int32(setting.value() == Setting.DRAWN ? random.nextInt() : (int) setting.value());
            }
            frames.end();
            if (spec.connectionWindowIncrement() > 0) {
                windowUpdateFrame(0, spec.connectionWindowIncrement());
            }
            for (PriorityFrame priority : spec.priorityFrames()) {
                frames.begin(H2Frames.PRIORITY, 0, priority.streamId());
                priorityFields(priority.exclusive(), priority.dependsOn(), priority.weight());
                frames.end();
            }
            if (spec.startInOneRecord()) {
                cut();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Opens a stream with its HEADERS.
     *
     * @return whether it was opened; {@code false} once the connection takes no new streams
     */
    boolean open(H2Stream stream, FieldList fields, RequestKind kind, boolean endStream) {
        lock.lock();
        try {
            if (draining || nextStreamId < 0) {
                return false;
            }
            int id = nextStreamId;
            nextStreamId += 2;
            StreamPriority priority = spec.priority(kind).orElse(null);
            int dependsOn = priority == null ? 0 : PriorityChain.dependency(priority, streams);
            stream.opened(id, peer.initialWindow(), governor.newStream(), priority == null ? 0 : priority.weight());
            streams.put(stream);
            headersFrames(id, fields, endStream, priority, dependsOn);
            if (spec.streamWindowIncrement() > 0) {
                windowUpdateFrame(id, spec.streamWindowIncrement());
            }
            cut();
            stream.headersEnd = frames.position();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Writes body bytes as far as the windows and the buffer allow; returns how many. */
    int data(H2Stream stream, ByteBuffer source) {
        lock.lock();
        try {
            int total = 0;
            if (streams.get(stream.id()) != stream) {
                return total;
            }
            while (source.hasRemaining() && frames.pending() < MAX_PENDING) {
                int allowed = Math.min(window, stream.sendWindow);
                int count = Math.min(Math.min(source.remaining(), allowed), Math.min(MAX_DATA, peer.maxFrameSize()));
                if (count <= 0) {
                    break;
                }
                frames.data(stream.id(), source, count);
                cut();
                window -= count;
                stream.sendWindow -= count;
                total += count;
            }
            return total;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether {@link #data} would take anything now. */
    boolean takesData(H2Stream stream) {
        lock.lock();
        try {
            return window > 0 && stream.sendWindow > 0 && frames.pending() < MAX_PENDING;
        } finally {
            lock.unlock();
        }
    }

    void endStream(H2Stream stream) {
        lock.lock();
        try {
            if (streams.get(stream.id()) == stream) {
                frames.endStream(stream.id());
            }
        } finally {
            lock.unlock();
        }
    }

    void trailers(H2Stream stream, FieldList fields) {
        lock.lock();
        try {
            if (streams.get(stream.id()) == stream) {
                headersFrames(stream.id(), fields, true, null, 0);
                cut();
            }
        } finally {
            lock.unlock();
        }
    }

    void reset(int id, H2Error error) {
        control(H2Frames.RST_STREAM, 0, id, error.getCode());
    }

    void goAway(H2Error error) {
        lock.lock();
        try {
            draining = true;
            frames.begin(H2Frames.GOAWAY, 0, 0);
            frames.int32(0);
            frames.int32(error.getCode());
            frames.end();
            cut();
        } finally {
            lock.unlock();
        }
    }

    void ping(int flags, long data) throws H2ConnectionException {
        lock.lock();
        try {
            answers.add(H2Frames.HEADER_LENGTH + 8, frames.written(), frames.position());
            frames.begin(H2Frames.PING, flags, 0);
            frames.int32((int) (data >>> 32));
            frames.int32((int) data);
            frames.end();
            cut();
        } finally {
            lock.unlock();
        }
    }

    /** Applies the peer's SETTINGS and acknowledges them. */
    void peerSettings(ByteBuffer payload) throws H2ConnectionException {
        lock.lock();
        try {
            answers.add(H2Frames.HEADER_LENGTH, frames.written(), frames.position());
            int before = peer.initialWindow();
            peer.apply(payload);
            int delta = peer.initialWindow() - before;
            if (delta != 0) {
                for (H2Stream stream : streams.all()) {
                    stream.sendWindow = widened(stream.sendWindow, delta);
                }
            }
            if (peer.namedTableSize()) {
                hpack.peerTableSize(peer.headerTableSize());
            }
            frames.begin(H2Frames.SETTINGS, H2Frames.ACK, 0);
            frames.end();
            cut();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Applies a WINDOW_UPDATE of the peer.
     *
     * @return whether the stream's window is still legal; a connection's that is not is an exception
     */
    boolean peerWindow(int id, int increment) throws H2ConnectionException {
        lock.lock();
        try {
            if (id == 0) {
                window = widened(window, increment);
                return true;
            }
            H2Stream stream = streams.get(id);
            if (stream == null) {
                return true;
            }
            long wider = (long) stream.sendWindow + increment;
            stream.sendWindow = (int) Math.min(wider, Integer.MAX_VALUE);
            return wider <= Integer.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Accounts for a DATA frame, padding included, and gives back to the connection's window.
     *
     * @return whether the stream's window, if it is open, allowed it
     * @throws H2ConnectionException if the connection's window did not
     */
    boolean received(@Nullable H2Stream stream, int count) throws H2ConnectionException {
        lock.lock();
        try {
            if (!governor.receive(count)) {
                throw new H2ConnectionException(H2Error.FLOW_CONTROL_ERROR, "more data than the connection's window");
            }
            int increment = governor.refill();
            if (increment > 0) {
                windowUpdateFrame(0, increment);
                cut();
            }
            return stream == null || stream.receiveWindow().receive(count);
        } finally {
            lock.unlock();
        }
    }

    /** The stream's consumer takes more: sends a WINDOW_UPDATE where one is due, and returns whether it did. */
    boolean refill(H2Stream stream, int allowed) {
        lock.lock();
        try {
            ReceiveWindow receive = stream.receiveWindow();
            receive.allow(allowed);
            int increment = receive.refill();
            if (increment == 0 || streams.get(stream.id()) != stream) {
                return false;
            }
            windowUpdateFrame(stream.id(), increment);
            cut();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Data has been delivered: refills the window where that is due; returns whether to ask the consumer for more. */
    boolean delivered(H2Stream stream) {
        lock.lock();
        try {
            refill(stream, 0);
            return stream.receiveWindow().isShortOfAllowance();
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    H2Stream stream(int id) {
        lock.lock();
        try {
            return streams.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the peer may send on a stream of this id that is not open any longer. */
    boolean wasOpened(int id) {
        lock.lock();
        try {
            return (id & 1) == 1 && id >= spec.firstStreamId() && (nextStreamId < 0 || id < nextStreamId);
        } finally {
            lock.unlock();
        }
    }

    void remove(int id) {
        lock.lock();
        try {
            streams.remove(id);
        } finally {
            lock.unlock();
        }
    }

    /** No stream is opened any longer. */
    void drain() {
        lock.lock();
        try {
            draining = true;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether new streams can be opened. */
    boolean isOpen() {
        lock.lock();
        try {
            return !draining && nextStreamId > 0;
        } finally {
            lock.unlock();
        }
    }

    int maxStreams() {
        lock.lock();
        try {
            return peer.maxStreams();
        } finally {
            lock.unlock();
        }
    }

    boolean hasPending() {
        lock.lock();
        try {
            return frames.pending() > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether all of a stream's HEADERS has been handed to the session. */
    boolean hasLeft(H2Stream stream) {
        lock.lock();
        try {
            return frames.written() >= stream.headersEnd;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what the session takes; returns whether that was all. */
    boolean flush(WritableByteChannel session) throws IOException {
        lock.lock();
        try {
            return frames.flush(session);
        } finally {
            lock.unlock();
        }
    }

    private void headersFrames(
            int id, FieldList fields, boolean endStream, @Nullable StreamPriority priority, int dependsOn) {
        hpack.encode(fields);
        byte[] block = hpack.block();
        int length = hpack.length();
        int fixed = priority == null ? 0 : 5;
        int sent = Math.min(length, peer.maxFrameSize() - fixed);
        int flags = (endStream ? H2Frames.END_STREAM : 0)
                | (sent == length ? H2Frames.END_HEADERS : 0)
                | (priority == null ? 0 : H2Frames.HAS_PRIORITY);
        frames.begin(H2Frames.HEADERS, flags, id);
        if (priority != null) {
            priorityFields(priority.exclusive(), dependsOn, priority.weight());
        }
        frames.bytes(block, 0, sent);
        frames.end();
        while (sent < length) {
            int count = Math.min(length - sent, peer.maxFrameSize());
            frames.begin(H2Frames.CONTINUATION, sent + count == length ? H2Frames.END_HEADERS : 0, id);
            frames.bytes(block, sent, count);
            frames.end();
            sent += count;
        }
    }

    private void priorityFields(boolean exclusive, int dependsOn, int weight) {
        frames.int32(exclusive ? dependsOn | 0x80000000 : dependsOn);
        frames.int8(weight - 1);
    }

    private void windowUpdateFrame(int id, int increment) {
        frames.begin(H2Frames.WINDOW_UPDATE, 0, id);
        frames.int32(increment);
        frames.end();
    }

    private void control(int type, int flags, int id, int value) {
        lock.lock();
        try {
            frames.begin(type, flags, id);
            frames.int32(value);
            frames.end();
            cut();
        } finally {
            lock.unlock();
        }
    }

    private void cut() {
        if (recordPerFrame) {
            frames.cut();
        }
    }

    private static int widened(int window, int increment) throws H2ConnectionException {
        long wider = (long) window + increment;
        if (wider > Integer.MAX_VALUE) {
            throw new H2ConnectionException(H2Error.FLOW_CONTROL_ERROR, "a window of more than 2147483647 bytes");
        }
        return (int) wider;
    }
}
