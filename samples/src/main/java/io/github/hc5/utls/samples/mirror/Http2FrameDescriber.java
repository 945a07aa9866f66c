package io.github.hc5.utls.samples.mirror;

import io.github.hc5.utls.samples.mirror.RecordedFrame.Head;
import io.github.hc5.utls.samples.mirror.RecordedFrame.Priority;
import io.github.hc5.utls.samples.mirror.RecordedFrame.Setting;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a client's HTTP/2 frames (RFC 9113, section 6) into {@link RecordedFrame}s and hands them to the connection's
 * recorder, until that is full. A header block that goes on in CONTINUATION frames is told with its HEADERS. Not
 * thread-safe.
 */
final class Http2FrameDescriber implements Http2FrameReader.Sink {

    private static final int HEADERS = 1;
    private static final int PRIORITY = 2;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private static final int ACK = 0x1;
    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY_FLAG = 0x20;

    private static final int SETTING_LENGTH = 6;
    private static final int PRIORITY_LENGTH = 5;
    private static final int MAX_PAYLOAD_KEPT = 1024;
    private static final int MAX_HEADER_BLOCK = 256 * 1024;
    private static final HexFormat HEX = HexFormat.of();

    private final ConnectionRecorder recorder;
    private final HpackTracer hpack = new HpackTracer();
    private @Nullable OpenHeaders open;
    private boolean full;

    Http2FrameDescriber(ConnectionRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public int wanted(int type, int length) {
        if (full) {
            return 0;
        }
        return type == HEADERS || type == CONTINUATION || type == SETTINGS
                ? length
                : Math.min(length, MAX_PAYLOAD_KEPT);
    }

    @Override
    public void frame(int type, int flags, int streamId, int length, byte[] payload) throws MalformedFrameException {
        if (full) {
            recorder.omit();
            return;
        }
        Head head = new Head(Http2Names.frame(type), type, flags, streamId, length);
        OpenHeaders continued = open;
        if ((continued != null) != (type == CONTINUATION)) {
            throw new MalformedFrameException(
                    head.type() + (continued != null ? " within" : " outside of") + " a header block");
        }
        if (continued != null) {
            continued.add(head, payload);
            closeHeadersIfEnded(continued, flags);
            return;
        }
        ByteBuffer body = ByteBuffer.wrap(payload);
        switch (type) {
            case SETTINGS -> keep(settings(head, body), length);
            case WINDOW_UPDATE -> {
                require(length == Integer.BYTES, head);
                keep(new RecordedFrame.WindowUpdate(head, body.getInt() & 0x7FFF_FFFFL), length);
            }
            case PRIORITY -> {
                require(length == PRIORITY_LENGTH, head);
                keep(new RecordedFrame.PriorityFrame(head, priority(body)), length);
            }
            case HEADERS -> {
                OpenHeaders opened = openHeaders(head, body);
                open = opened;
                closeHeadersIfEnded(opened, flags);
            }
            default -> keep(new RecordedFrame.Other(head, HEX.formatHex(payload)), payload.length);
        }
    }

    private static RecordedFrame settings(Head head, ByteBuffer body) throws MalformedFrameException {
        if ((head.flags() & ACK) != 0) {
            return new RecordedFrame.SettingsAck(head, true);
        }
        require(body.remaining() % SETTING_LENGTH == 0, head);
        List<Setting> settings = new ArrayList<>();
        while (body.hasRemaining()) {
            int id = body.getShort() & 0xFFFF;
            settings.add(new Setting(id, Http2Names.setting(id), body.getInt() & 0xFFFF_FFFFL));
        }
        return new RecordedFrame.Settings(head, List.copyOf(settings));
    }

    private static Priority priority(ByteBuffer body) {
        int dependency = body.getInt();
        return new Priority(dependency >>> 31, dependency & 0x7FFF_FFFF, (body.get() & 0xFF) + 1);
    }

    private static OpenHeaders openHeaders(Head head, ByteBuffer body) throws MalformedFrameException {
        int flags = head.flags();
        List<String> names = new ArrayList<>();
        if ((flags & END_STREAM) != 0) {
            names.add("END_STREAM");
        }
        if ((flags & END_HEADERS) != 0) {
            names.add("END_HEADERS");
        }
        int padding = 0;
        if ((flags & PADDED) != 0) {
            names.add("PADDED");
            require(body.hasRemaining(), head);
            padding = body.get() & 0xFF;
        }
        Priority priority = null;
        if ((flags & PRIORITY_FLAG) != 0) {
            names.add("PRIORITY");
            require(body.remaining() >= PRIORITY_LENGTH, head);
            priority = priority(body);
        }
        require(body.remaining() >= padding, head);
        byte[] fragment = new byte[body.remaining() - padding];
        body.get(fragment);
        return new OpenHeaders(head, priority, List.copyOf(names), fragment);
    }

    private void closeHeadersIfEnded(OpenHeaders headers, int flags) throws MalformedFrameException {
        if ((flags & END_HEADERS) == 0) {
            return;
        }
        open = null;
        byte[] block = headers.block.toByteArray();
        try {
            HpackTracer.Block decoded = hpack.decode(block);
            int bytes = decoded.headers().stream()
                    .mapToInt(field -> field.get(0).length() + field.get(1).length())
                    .sum();
            keep(headers.frame(block, decoded, null), block.length + bytes);
        } catch (MalformedFrameException e) {
            HpackTracer.Block nothing = new HpackTracer.Block(List.of(), List.of(), List.of());
            keep(headers.frame(block, nothing, e.getMessage()), block.length);
            throw e;
        }
        headers.continuations.forEach(head -> keep(new RecordedFrame.Other(head, ""), 0));
    }

    private void keep(RecordedFrame frame, int bytes) {
        full |= !recorder.frame(frame, bytes);
    }

    private static void require(boolean condition, Head head) throws MalformedFrameException {
        if (!condition) {
            throw new MalformedFrameException(head.type() + " has a payload of " + head.length() + " bytes");
        }
    }

    /** A HEADERS frame whose header block may go on. */
    private static final class OpenHeaders {

        private final Head head;
        private final @Nullable Priority priority;
        private final List<String> flagNames;
        private final ByteArrayOutputStream block = new ByteArrayOutputStream();
        private final List<Head> continuations = new ArrayList<>();

        OpenHeaders(Head head, @Nullable Priority priority, List<String> flagNames, byte[] fragment) {
            this.head = head;
            this.priority = priority;
            this.flagNames = flagNames;
            block.writeBytes(fragment);
        }

        void add(Head continuation, byte[] fragment) throws MalformedFrameException {
            block.writeBytes(fragment);
            continuations.add(continuation);
            // empty ones count too, or a client could send them without end
            if (block.size() + continuations.size() * Http2FrameReader.HEADER_LENGTH > MAX_HEADER_BLOCK) {
                throw new MalformedFrameException("a header block is longer than " + MAX_HEADER_BLOCK + " bytes");
            }
        }

        RecordedFrame frame(byte[] encoded, HpackTracer.Block decoded, @Nullable String error) {
            return new RecordedFrame.Headers(
                    head,
                    priority,
                    flagNames,
                    HEX.formatHex(encoded),
                    decoded.trace(),
                    decoded.headers(),
                    decoded.pseudo(),
                    error);
        }
    }
}
