package io.github.hc5.utls.fingerprint;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A browser's HTTP/2 connection (RFC 9113): how it starts, how requests are prioritised, how headers are compressed and
 * how the windows are refilled. Immutable.
 *
 * @param settings the SETTINGS of the connection's first frame, in order
 * @param connectionWindowIncrement the increment of the WINDOW_UPDATE on stream 0 that follows the first SETTINGS, in
 *     bytes; 0 where the browser sends none
 * @param priorityFrames the PRIORITY frames that follow, as older Firefox sends to build its tree; otherwise empty
 * @param firstStreamId the stream of the first request, odd: 1 in Chromium, 3 in Firefox
 * @param streamWindowIncrement the increment of the WINDOW_UPDATE that follows the HEADERS of each request on its own
 *     stream, in the same TLS record, in bytes; 0 where the browser sends none
 * @param startInOneRecord whether preface, SETTINGS, WINDOW_UPDATE and PRIORITY frames share one TLS record, the first
 *     HEADERS following in the next; otherwise the first HEADERS joins them
 * @param pseudoHeaders the pseudo-headers of a request in order: a permutation of {@code :method}, {@code :authority},
 *     {@code :scheme}, {@code :path}
 * @param priorities the priority fields of HEADERS by kind of request; empty where the browser's HEADERS have none
 * @param hpack the rules of header compression
 * @param connectionRefill when the connection's window is refilled
 * @param streamRefill when a stream's window is refilled
 */
public record Http2Spec(
        List<Setting> settings,
        int connectionWindowIncrement,
        List<PriorityFrame> priorityFrames,
        int firstStreamId,
        int streamWindowIncrement,
        boolean startInOneRecord,
        List<String> pseudoHeaders,
        Map<RequestKind, StreamPriority> priorities,
        HpackSpec hpack,
        WindowRefill connectionRefill,
        WindowRefill streamRefill) {

    private static final Set<String> PSEUDO_HEADERS = Set.of(":method", ":authority", ":scheme", ":path");

    /** @throws IllegalArgumentException if a value is out of range or the lists contradict one another */
    public Http2Spec {
        settings = List.copyOf(settings);
        Checks.range("connectionWindowIncrement", connectionWindowIncrement, 0, Integer.MAX_VALUE);
        priorityFrames = List.copyOf(priorityFrames);
        Checks.range("firstStreamId", firstStreamId, 1, Integer.MAX_VALUE);
        Checks.that(firstStreamId % 2 == 1, () -> "firstStreamId is " + firstStreamId + ", a client's streams are odd");
        Checks.range("streamWindowIncrement", streamWindowIncrement, 0, Integer.MAX_VALUE);
        pseudoHeaders = List.copyOf(pseudoHeaders);
        List<String> order = pseudoHeaders;
        Checks.that(
                order.size() == PSEUDO_HEADERS.size() && PSEUDO_HEADERS.equals(new HashSet<>(order)),
                () -> "pseudoHeaders are " + order + ", must be :method, :authority, :scheme, :path in some order");
        priorities = Checks.immutable(RequestKind.class, priorities);
        Checks.that(
                priorities.isEmpty() || priorities.containsKey(RequestKind.NAVIGATION),
                () -> "priorities must include NAVIGATION, for which the others fall back");
    }

    /**
     * Returns what a fingerprint says, with the rest from a profile: streams, HEADERS priority, HPACK, refills of windows.
     *
     * @throws IllegalArgumentException if the fingerprint's values contradict one another, or it does not name all four
     *     pseudo-headers
     */
    public static Filled<Http2Spec> of(AkamaiFingerprint fingerprint, BrowserProfile base) {
        return Http2Fill.fill(fingerprint, base);
    }

    /** Returns the priority fields for a kind of request: its own or the nearest {@link RequestKind#fallback()}'s. */
    public Optional<StreamPriority> priority(RequestKind kind) {
        if (priorities.isEmpty()) {
            return Optional.empty();
        }
        RequestKind found = kind;
        while (!priorities.containsKey(found)) {
            found = found.fallback();
        }
        return Optional.ofNullable(priorities.get(found));
    }

    /**
     * One parameter of a SETTINGS frame (RFC 9113 section 6.5).
     *
     * @param id the identifier, known or not, 0 to 65535; {@link Grease#PLACEHOLDER} for one that each connection draws
     *     from the GREASE values
     * @param value the value, 0 to 2^32 - 1; {@link #DRAWN} where each connection draws one
     */
    public record Setting(int id, long value) {

        public static final int HEADER_TABLE_SIZE = 1;
        public static final int ENABLE_PUSH = 2;
        public static final int MAX_CONCURRENT_STREAMS = 3;
        public static final int INITIAL_WINDOW_SIZE = 4;
        public static final int MAX_FRAME_SIZE = 5;
        public static final int MAX_HEADER_LIST_SIZE = 6;
        public static final int ENABLE_CONNECT_PROTOCOL = 8;
        public static final int NO_RFC7540_PRIORITIES = 9;

        /** The value of a GREASE parameter that each connection draws from all 32-bit values. */
        public static final long DRAWN = -1;

        /** @throws IllegalArgumentException if the identifier or the value is out of range */
        public Setting {
            Checks.range("setting id", id, 0, 0xFFFF);
            boolean drawn = value == DRAWN && id == Grease.PLACEHOLDER;
            int identifier = id;
            long given = value;
            Checks.that(
                    drawn || (value >= 0 && value <= 0xFFFF_FFFFL),
                    () -> "setting " + identifier + " is " + given + ", allowed are 0 to 4294967295"
                            + (identifier == Grease.PLACEHOLDER ? " or drawn" : ""));
            switch (id) {
                case ENABLE_PUSH, ENABLE_CONNECT_PROTOCOL, NO_RFC7540_PRIORITIES ->
                    Checks.range("setting " + id, value, 0, 1);
                case INITIAL_WINDOW_SIZE -> Checks.range("setting " + id, value, 0, Integer.MAX_VALUE);
                case MAX_FRAME_SIZE -> Checks.range("setting " + id, value, 1 << 14, (1 << 24) - 1);
                default -> {}
            }
        }
    }

    /**
     * A PRIORITY frame sent at the connection's start (RFC 7540 section 6.3).
     *
     * @param streamId the stream that is placed in the tree
     * @param exclusive the exclusive flag
     * @param dependsOn the stream it depends on, 0 for the root
     * @param weight the weight, 1 to 256 (one more than the octet on the wire)
     */
    public record PriorityFrame(int streamId, boolean exclusive, int dependsOn, int weight) {
        /** @throws IllegalArgumentException if a value is out of range, or the stream depends on itself */
        public PriorityFrame {
            Checks.range("PRIORITY stream id", streamId, 1, Integer.MAX_VALUE);
            Checks.range("PRIORITY dependency", dependsOn, 0, Integer.MAX_VALUE);
            Checks.range("PRIORITY weight", weight, 1, 256);
            int stream = streamId;
            Checks.that(streamId != dependsOn, () -> "PRIORITY stream " + stream + " depends on itself");
        }
    }

    /**
     * The priority fields of a HEADERS frame (RFC 7540 section 6.2).
     *
     * @param exclusive the exclusive flag
     * @param dependency how the stream to depend on is found
     * @param weight the weight, 1 to 256 (one more than the octet on the wire)
     */
    public record StreamPriority(boolean exclusive, Dependency dependency, int weight) {
        /** @throws IllegalArgumentException if the weight is out of range */
        public StreamPriority {
            Checks.range("HEADERS weight", weight, 1, 256);
        }
    }

    /** How the stream that a request depends on is found. */
    public sealed interface Dependency {

        /** Always the same stream: 0 for the root, or a group of older Firefox. */
        record OnStream(int streamId) implements Dependency {
            /** @throws IllegalArgumentException if the stream id is negative */
            public OnStream {
                Checks.range("dependency stream id", streamId, 0, Integer.MAX_VALUE);
            }
        }

        /**
         * Chromium's chain: among the streams still open, of those with an equal or a higher weight, those of the lowest
         * weight, and of these the one opened last; 0 where there is none.
         */
        record OnOpenChain() implements Dependency {}
    }

    /**
     * When received bytes are given back to the peer: the WINDOW_UPDATE covers all bytes consumed since the last one.
     *
     * @param threshold it is sent once more than this number of bytes has been consumed since the last
     * @param lowWater it is also sent whenever no more than this number of bytes is left of the window; 0 for never
     * @param smallAfter it is also sent, for whatever has been consumed, by the first data that comes once this long has
     *     passed since the last one or since the window was opened; zero for never
     */
    public record WindowRefill(int threshold, int lowWater, Duration smallAfter) {
        /** @throws IllegalArgumentException if a value is negative */
        public WindowRefill {
            Checks.range("refill threshold", threshold, 0, Integer.MAX_VALUE);
            Checks.range("refill low water", lowWater, 0, Integer.MAX_VALUE);
            Checks.that(
                    !smallAfter.isNegative(), () -> "refill smallAfter is " + smallAfter + ", must not be negative");
        }

        /** A rule that never sends a small one. */
        public WindowRefill(int threshold, int lowWater) {
            this(threshold, lowWater, Duration.ZERO);
        }
    }
}
