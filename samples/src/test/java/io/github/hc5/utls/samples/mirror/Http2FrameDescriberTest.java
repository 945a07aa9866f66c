package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class Http2FrameDescriberTest {

    private static final String PREFACE =
            HexFormat.of().formatHex("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ConnectionRecorder recorder = new ConnectionRecorder(1, "127.0.0.1:1", () -> 0);
    private final Http2FrameReader reader = new Http2FrameReader(new Http2FrameDescriber(recorder));

    private void read(String hex) throws MalformedFrameException {
        reader.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    private List<RecordedFrame> frames() {
        return recorder.snapshot().frames();
    }

    static java.util.stream.Stream<Capture> captures() {
        return Capture.all();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void describesABrowsersFramesAsTheReferenceDoes(Capture capture) throws Exception {
        Random random = new Random(9113);
        byte[] bytes = capture.http2();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(60));
            reader.read(Unpooled.wrappedBuffer(bytes, from, length));
            from += length;
        }
        JsonNode described = MAPPER.readTree(MAPPER.writeValueAsString(frames()));
        for (JsonNode frame : described) {
            ((ObjectNode) frame).remove("hpack_hex");
        }
        assertThat(described).hasSize(capture.frames().size());
        for (int i = 0; i < described.size(); i++) {
            assertThat(described.get(i))
                    .as("frame %d", i)
                    .isEqualTo(capture.frames().get(i));
        }
        assertThat(recorder.snapshot().akamai()).isEqualTo(capture.text("akamai"));
    }

    @Test
    void showsTheFieldsInTheOrderOfTheReference() throws Exception {
        Capture capture = Capture.of("chromium-156");
        reader.read(Unpooled.wrappedBuffer(capture.http2()));
        JsonNode headers = MAPPER.valueToTree(frames().get(2));
        assertThat(headers.fieldNames())
                .toIterable()
                .containsExactly(
                        "type",
                        "type_id",
                        "flags",
                        "stream_id",
                        "length",
                        "priority",
                        "flag_names",
                        "hpack_hex",
                        "hpack_trace",
                        "headers",
                        "pseudo");
    }

    @Test
    void keepsHpackOfContinuationsWithTheirHeaders() throws Exception {
        read(PREFACE + "000000040000000000");
        read("000001 01 01 00000001 82   000001 09 00 00000001 87   000001 09 04 00000001 84");
        List<RecordedFrame> frames = frames();
        assertThat(frames)
                .extracting(frame -> frame.head().type())
                .containsExactly("SETTINGS", "HEADERS", "CONTINUATION", "CONTINUATION");
        RecordedFrame.Headers headers = (RecordedFrame.Headers) frames.get(1);
        assertThat(headers.hpackTrace()).containsExactly("idx2", "idx7", "idx4");
        assertThat(headers.hpackHex()).isEqualTo("828784");
        assertThat(headers.flagNames()).containsExactly("END_STREAM");
    }

    @Test
    void leavesPaddingOut() throws Exception {
        read(PREFACE + "000004 01 0d 00000001 02 82 0000");
        RecordedFrame.Headers headers = (RecordedFrame.Headers) frames().get(0);
        assertThat(headers.hpackHex()).isEqualTo("82");
        assertThat(headers.flagNames()).containsExactly("END_STREAM", "END_HEADERS", "PADDED");
    }

    @Test
    void showsUnknownFramesAndSettings() throws Exception {
        read(PREFACE + "000006 04 00 00000000 1a2a 80000001" + "000002 ee 07 00000003 abcd");
        assertThat(frames())
                .containsExactly(
                        new RecordedFrame.Settings(
                                new RecordedFrame.Head("SETTINGS", 4, 0, 0, 6),
                                List.of(new RecordedFrame.Setting(0x1a2a, "UNKNOWN", 0x8000_0001L))),
                        new RecordedFrame.Other(new RecordedFrame.Head("UNKNOWN", 0xee, 7, 3, 2), "abcd"));
    }

    @Test
    void priorityFramesBeforeTheFirstRequestCountInTheAkamaiFingerprint() throws Exception {
        read(PREFACE + "000006 04 00 00000000 0003 00000064");
        read("000005 02 00 00000003 00000000 c8" + "000005 02 00 00000005 80000003 00");
        read("000003 01 05 0000000d 82 84 87" + "000005 02 00 0000000f 00000000 00");
        assertThat(recorder.snapshot().akamai()).isEqualTo("3:100|00|3:0:0:201,5:1:3:1|m,p,s");
    }

    @Test
    void keepsTheStartOfALongBody() throws Exception {
        read(PREFACE + "002000 00 01 00000001" + "ab".repeat(0x2000));
        RecordedFrame.Other data = (RecordedFrame.Other) frames().get(0);
        assertThat(data.head().length()).isEqualTo(0x2000);
        assertThat(data.payload()).hasSize(2 * 1024);
    }

    @ParameterizedTest
    @CsvSource({
        "000003 04 00 00000000 000000, SETTINGS has a payload of 3",
        "000003 08 00 00000000 000000, WINDOW_UPDATE has a payload of 3",
        "000004 02 00 00000001 00000000, PRIORITY has a payload of 4",
        "000001 01 25 00000001 00, HEADERS has a payload of 1",
        "000001 01 0c 00000001 09, HEADERS has a payload of 1",
        "000001 09 04 00000001 82, CONTINUATION outside",
        "000001 01 01 00000001 82 000000 04 00 00000000, SETTINGS within",
        "000001 01 05 00000001 be, index 62"
    })
    void refusesWhatIsMalformed(String hex, String message) {
        assertThatThrownBy(() -> read(PREFACE + hex))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aBlockThatCannotBeDecodedIsShownWithTheReason() {
        assertThatThrownBy(() -> read(PREFACE + "000001 01 05 00000001 be"));
        RecordedFrame.Headers headers = (RecordedFrame.Headers) frames().get(0);
        assertThat(headers.hpackHex()).isEqualTo("be");
        assertThat(headers.error()).contains("index 62");
    }

    @Test
    void refusesAnotherPreface() {
        assertThatThrownBy(() -> read("50524920 2b")).hasMessageContaining("preface");
    }

    @Test
    void endlessEmptyContinuationsAreRefused() {
        assertThatThrownBy(() -> {
                    read(PREFACE + "000001 01 01 00000001 82");
                    for (int i = 0; i < 100_000; i++) {
                        read("000000 09 00 00000001");
                    }
                })
                .hasMessageContaining("header block is longer");
    }

    @Test
    void stopsKeepingWhenTheRecordIsFull() throws Exception {
        read(PREFACE);
        String body = "001000 00 00 00000001" + "ab".repeat(0x1000);
        for (int i = 0; i < 1000; i++) {
            read(body);
        }
        RecordedConnection connection = recorder.snapshot();
        assertThat(connection.frames().size()).isLessThanOrEqualTo(ConnectionRecorder.MAX_BYTES / 1024);
        assertThat(connection.frames().size() + connection.omitted()).isEqualTo(1000);
    }

    @Test
    void letsNothingButItsOwnExceptionOut() {
        Random random = new Random(3);
        byte[] preface = HexFormat.of().parseHex(PREFACE);
        for (int i = 0; i < 5_000; i++) {
            byte[] noise = new byte[60];
            random.nextBytes(noise);
            noise[0] = 0;
            noise[1] = 0;
            noise[2] = (byte) random.nextInt(20);
            noise[3] = (byte) random.nextInt(11);
            Http2FrameReader fresh =
                    new Http2FrameReader(new Http2FrameDescriber(new ConnectionRecorder(1, "127.0.0.1:1", () -> 0)));
            assertThatCode(() -> {
                        try {
                            fresh.read(Unpooled.wrappedBuffer(preface, noise));
                        } catch (MalformedFrameException expected) {
                            assertThat(expected).hasMessageNotContaining("null");
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }
}
