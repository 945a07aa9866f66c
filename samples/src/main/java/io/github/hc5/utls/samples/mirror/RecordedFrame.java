package io.github.hc5.utls.samples.mirror;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 frame (RFC 9113, section 6) that the client sent. Immutable. */
public sealed interface RecordedFrame {

    /** Returns the frame's own header. */
    Head head();

    /**
     * A frame's header (RFC 9113, section 4.1).
     *
     * @param type the registered name of the type, or {@code UNKNOWN}
     * @param typeId the type's number
     * @param flags the flags as a number
     * @param streamId the stream, 0 for the connection
     * @param length the length of the payload in bytes
     */
    @JsonPropertyOrder({"type", "type_id", "flags", "stream_id", "length"})
    record Head(
            String type,
            @JsonProperty("type_id") int typeId,
            int flags,
            @JsonProperty("stream_id") int streamId,
            int length) {}

    /** SETTINGS, with the parameters in their order. */
    record Settings(@JsonUnwrapped Head head, List<Setting> settings) implements RecordedFrame {}

    /** The acknowledgement of the server's SETTINGS; {@code ack} is always true. */
    record SettingsAck(@JsonUnwrapped Head head, boolean ack) implements RecordedFrame {}

    /** WINDOW_UPDATE, with the increment in bytes. */
    record WindowUpdate(@JsonUnwrapped Head head, long increment) implements RecordedFrame {}

    /** PRIORITY, of RFC 7540. */
    record PriorityFrame(@JsonUnwrapped Head head, Priority priority) implements RecordedFrame {}

    /**
     * HEADERS, with the header block of its CONTINUATION frames.
     *
     * @param head the frame's own header
     * @param priority the priority of RFC 7540, null without the PRIORITY flag
     * @param flagNames the names of the flags that are set
     * @param hpackHex the header block
     * @param hpackTrace how the block represents each field: {@code idx2} an indexed field, {@code inc(n58)H} a literal
     *     with incremental indexing, its name by index and its value in Huffman code, {@code noidx(H)p} a literal without
     *     indexing with both in full, the value in plain text, {@code never(...)} a literal never indexed, {@code size(0)}
     *     an update of the dynamic table's size
     * @param headers the fields as name and value, pseudo-header fields included; one char stands for one byte
     * @param pseudo the names of the pseudo-header fields
     * @param error why the block could not be decoded, null if it could
     */
    @JsonPropertyOrder({"head", "priority", "flag_names", "hpack_hex", "hpack_trace", "headers", "pseudo", "error"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Headers(
            @JsonUnwrapped Head head,
            @Nullable Priority priority,
            @JsonProperty("flag_names") List<String> flagNames,
            @JsonProperty("hpack_hex") String hpackHex,
            @JsonProperty("hpack_trace") List<String> hpackTrace,
            List<List<String>> headers,
            List<String> pseudo,
            @Nullable String error)
            implements RecordedFrame {}

    /** Any other frame, with the start of its payload in hexadecimal. */
    record Other(@JsonUnwrapped Head head, String payload) implements RecordedFrame {}

    /**
     * One parameter of SETTINGS.
     *
     * @param id the identifier
     * @param name the registered name, or {@code UNKNOWN}
     * @param value the value, unsigned
     */
    record Setting(int id, String name, long value) {}

    /**
     * The priority of RFC 7540, section 5.3, which browsers still send.
     *
     * @param exclusive 1 if the dependency is exclusive, else 0
     * @param dependsOn the stream depended on
     * @param weight 1 to 256
     */
    record Priority(
            int exclusive, @JsonProperty("depends_on") int dependsOn, int weight) {}
}
