package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WireLogTest {

    @Test
    void aLineSaysWhereAndHowMuch() {
        assertThat(WireLog.line("hc-3", true, 87)).isEqualTo("wire.sent connection=hc-3 bytes=87");
        assertThat(WireLog.line(null, false, 9)).isEqualTo("wire.received connection=null bytes=9");
    }

    @Test
    void octetsAreOneLineOfAscii() {
        ByteBuffer data = ByteBuffer.wrap("xGET / \"a\\b\"\r\n\u00ff\u0000y".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(WireLog.text(data, 1, data.limit() - 2)).isEqualTo("\"GET / \\\"a\\\\b\\\"\\r\\n\\xff\\x00\"");
        assertThat(data.position()).isZero();
    }

    @Test
    void ofALongPieceTheBeginningIsShown() {
        ByteBuffer data = ByteBuffer.wrap("a".repeat(20_000).getBytes(StandardCharsets.US_ASCII));

        assertThat(WireLog.text(data, 0, 20_000))
                .hasSize(2 + 16_384 + " and more".length())
                .endsWith("\" and more");
    }
}
