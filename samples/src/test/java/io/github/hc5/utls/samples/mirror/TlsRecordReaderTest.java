package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsRecordReaderTest {

    private final List<String> seen = new ArrayList<>();
    private final TlsRecordReader reader = new TlsRecordReader(new TlsRecordReader.Sink() {
        @Override
        public boolean header(int type, int length) {
            seen.add(type + ":" + length);
            return type == TlsRecordReader.HANDSHAKE;
        }

        @Override
        public void record(byte[] bytes) {
            seen.add(HexFormat.of().formatHex(bytes));
        }
    });

    private static ByteBuf hex(String digits) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(digits));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 100})
    void splitsIntoRecordsWhateverThePieces(int pieces) {
        String all = "160301" + "0003" + "010203" + "140303" + "0001" + "01" + "160303" + "0000" + "170303" + "0002"
                + "aabb";
        for (int from = 0; from < all.length(); from += 2 * pieces) {
            reader.read(hex(all.substring(from, Math.min(all.length(), from + 2 * pieces))));
        }
        assertThat(seen).containsExactly("22:3", "1603010003010203", "20:1", "22:0", "1603030000", "23:2");
    }

    @Test
    void leavesTheBufferAsItIs() {
        ByteBuf buffer = hex("ff1603010001aa").skipBytes(1);
        reader.read(buffer);
        assertThat(buffer.readerIndex()).isEqualTo(1);
        assertThat(buffer.readableBytes()).isEqualTo(6);
        assertThat(seen).containsExactly("22:1", "1603010001aa");
    }

    @ParameterizedTest
    @ValueSource(strings = {"474554202f", "1602010003", "130301000401", "190301000401", "160301ffff", "1603014801"})
    void stopsAtWhatIsNoTls(String header) {
        reader.read(hex(header));
        reader.read(hex("1603010001aa"));
        assertThat(seen).isEmpty();
    }
}
