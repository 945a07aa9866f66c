package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HpackTracerTest {

    private final HpackTracer tracer = new HpackTracer();

    private HpackTracer.Block decode(String digits) throws MalformedFrameException {
        return tracer.decode(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    @Test
    void tellsIndexedFields() throws Exception {
        HpackTracer.Block block = decode("82 87");
        assertThat(block.trace()).containsExactly("idx2", "idx7");
        assertThat(block.headers()).containsExactly(List.of(":method", "GET"), List.of(":scheme", "https"));
        assertThat(block.pseudo()).containsExactly(":method", ":scheme");
    }

    @ParameterizedTest
    @CsvSource({
        "400a637573746f6d2d6b65790d637573746f6d2d686561646572, inc(p)p, custom-key, custom-header",
        "040c2f73616d706c652f70617468, noidx(n4)p, :path, /sample/path",
        "100870617373776f726406736563726574, never(p)p, password, secret",
        "418cf1e3c2e5f23a6ba0ab90f4ff, inc(n1)H, :authority, www.example.com",
        "408825a849e95ba97d7f8925a849e95bb8e8b4bf, inc(H)H, custom-key, custom-value",
        "1f11 03 612c62, never(n32)p, cookie, 'a,b'"
    })
    void tellsLiterals(String hex, String trace, String name, String value) throws Exception {
        HpackTracer.Block block = decode(hex);
        assertThat(block.trace()).containsExactly(trace);
        assertThat(block.headers()).containsExactly(List.of(name, value));
    }

    @Test
    void followsTheDynamicTableOverTheRequestsOfRfc7541() throws Exception {
        assertThat(decode("828684418cf1e3c2e5f23a6ba0ab90f4ff").trace())
                .containsExactly("idx2", "idx6", "idx4", "inc(n1)H");
        HpackTracer.Block second = decode("828684be5886a8eb10649cbf");
        assertThat(second.trace()).containsExactly("idx2", "idx6", "idx4", "idx62", "inc(n24)H");
        assertThat(second.headers().get(3)).containsExactly(":authority", "www.example.com");
        HpackTracer.Block third = decode("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf");
        assertThat(third.trace()).containsExactly("idx2", "idx7", "idx5", "idx63", "inc(H)H");
        assertThat(third.headers().get(3)).containsExactly(":authority", "www.example.com");
    }

    @Test
    void tellsTableSizeUpdatesAndObeysThem() throws Exception {
        decode("400161 0162");
        assertThat(decode("be").headers()).containsExactly(List.of("a", "b"));
        assertThat(decode("20 3fe11f 82").trace()).containsExactly("size(0)", "size(4096)", "idx2");
        assertThatThrownBy(() -> decode("be")).hasMessageContaining("index 62");
    }

    @ParameterizedTest
    @CsvSource({
        "80, index 0",
        "be, index 62",
        "82 20, table size update",
        "3fe21f, 4097",
        "ff, ends within",
        "41, ends within",
        "4105 61, exceeds",
        "ffffffffffff01, an integer",
        "41 ffffffff7f, an integer"
    })
    void refusesWhatIsMalformed(String hex, String message) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesABlockThatExpandsBeyondItsBound() throws Exception {
        String entry = "400161" + "7fd61e" + "62".repeat(0x7f + 0x56 + (0x1e << 7)); // 4,053 + 33 bytes fit the table
        decode(entry);
        byte[] bomb = new byte[HpackTracer.MAX_DECODED / 4000];
        java.util.Arrays.fill(bomb, (byte) 0xbe);
        assertThatThrownBy(() -> tracer.decode(bomb)).hasMessageContaining("more than");
    }

    @Test
    void agreesWithAnIndependentEncoder() throws Exception {
        Random random = new Random(7541);
        // without a threshold every value that gets shorter by it is in Huffman code
        DefaultHttp2HeadersEncoder encoder =
                new DefaultHttp2HeadersEncoder((name, value) -> random.nextInt(9) == 0, false, 16, 0);
        for (int request = 0; request < 500; request++) {
            Http2Headers headers = new DefaultHttp2Headers(false);
            List<List<String>> expected = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                String name = "x-" + random.nextInt(30);
                byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 900 : 40)];
                random.nextBytes(bytes);
                AsciiString value = new AsciiString(bytes, false);
                headers.add(name, value);
                expected.add(List.of(name, new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)));
            }
            ByteBuf out = Unpooled.buffer();
            encoder.encodeHeaders(1, headers, out);
            assertThat(tracer.decode(ByteBufUtil.getBytes(out)).headers()).isEqualTo(expected);
        }
    }

    @Test
    void letsNothingButItsOwnExceptionOut() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] block = new byte[random.nextInt(40)];
            random.nextBytes(block);
            assertThatCode(() -> {
                        try {
                            new HpackTracer().decode(block);
                        } catch (MalformedFrameException expected) {
                            assertThat(expected).hasMessageNotContaining("null");
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }
}
