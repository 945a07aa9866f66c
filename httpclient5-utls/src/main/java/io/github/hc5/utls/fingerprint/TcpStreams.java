package io.github.hc5.utls.fingerprint;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts together the start of each direction of each TCP connection from its segments (RFC 9293), which may come out of
 * order, overlap and repeat. Where two segments overlap, the one captured first decides.
 *
 * <p>A stream starts behind its SYN; without one, at the segment with the lowest sequence number. It ends at the first gap,
 * or at {@link #MAX_LENGTH}. Segments are kept as places in the capture, so that memory is bounded by its size.
 */
final class TcpStreams {

    /** More than any ClientHello that is accepted. */
    static final int MAX_LENGTH = 2 * ClientHelloParser.MAX_MESSAGE_LENGTH;

    private final byte[] capture;
    private final Map<Flow, Stream> current = new LinkedHashMap<>();
    private final List<Stream> streams = new ArrayList<>();

    TcpStreams(byte[] capture) {
        this.capture = capture;
    }

    /** One direction of a connection: the addresses as they are in the packets. */
    record Flow(Octets addresses, int ports) {}

    private record Segment(int sequence, int offset, int length) {}

    private static final class Stream {
        private final List<Segment> segments = new ArrayList<>();
        private int start;
        private boolean synchronised;
    }

    /** Notes a segment: its data is at {@code offset} in the capture. */
    void add(Flow flow, int sequence, boolean syn, int offset, int length) {
        Stream stream = current.get(flow);
        boolean another = stream != null && syn && (!stream.synchronised || stream.start != sequence + 1);
        if (stream == null || another) {
            stream = new Stream();
            current.put(flow, stream);
            streams.add(stream);
        }
        if (syn) {
            stream.synchronised = true;
            stream.start = sequence + 1;
        }
        if (length > 0) {
            stream.segments.add(new Segment(syn ? sequence + 1 : sequence, offset, length));
        }
    }

    /** Returns the bytes of each stream that has any, in the order in which the streams began. */
    List<byte[]> bytes() {
        return streams.stream()
                .map(this::bytes)
                .filter(bytes -> bytes.length > 0)
                .toList();
    }

    private byte[] bytes(Stream stream) {
        if (stream.segments.isEmpty()) {
            return new byte[0];
        }
        int anchor = stream.synchronised ? stream.start : stream.segments.get(0).sequence();
        // Relative to the anchor, since sequence numbers wrap around.
        List<Segment> ordered = stream.segments.stream()
                .sorted(Comparator.comparingInt(segment -> segment.sequence() - anchor))
                .toList();
        int next = stream.synchronised ? anchor : ordered.get(0).sequence();
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (Segment segment : ordered) {
            int known = next - segment.sequence();
            if (known < 0 || joined.size() >= MAX_LENGTH) {
                break;
            }
            int fresh = Math.min(segment.length() - known, MAX_LENGTH - joined.size());
            if (fresh > 0) {
                joined.write(capture, segment.offset() + known, fresh);
                next += fresh;
            }
        }
        return joined.toByteArray();
    }

    /** The key of a direction, from the bytes of the packet's addresses. */
    static Flow flow(byte[] capture, int addresses, int length, int ports) {
        return new Flow(Octets.of(Arrays.copyOfRange(capture, addresses, addresses + length)), ports);
    }
}
