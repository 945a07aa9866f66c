package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.HpackSpec;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HttpCore's decoder must understand what we encode; the captures say whether it is what a browser would encode. */
class HpackShaperTest {

    private static final HpackSpec CHROMIUM =
            BrowserProfiles.find("chrome-156").http2().hpack();
    private static final HpackSpec FIREFOX =
            BrowserProfiles.find("firefox-153").http2().hpack();

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 127, 128, 500, 4096, 65_536})
    void randomBlocksAreDecodedWithAnyTableSize(int tableSize) throws Exception {
        for (HpackSpec spec : List.of(CHROMIUM, FIREFOX)) {
            Random random = new Random(tableSize);
            HpackShaper shaper = new HpackShaper(spec);
            HPackDecoder decoder = new HPackDecoder(4096, (CharsetDecoder) null);
            decoder.setMaxTableSize(Math.max(tableSize, 4096));
            shaper.peerTableSize(tableSize);
            for (int i = 0; i < 300; i++) {
                assertDecodes(shaper, decoder, randomFields(random));
            }
        }
    }

    @Test
    void tableSizeMayChangeAtAnyTime() throws Exception {
        for (HpackSpec spec : List.of(CHROMIUM, FIREFOX)) {
            Random random = new Random(7);
            HpackShaper shaper = new HpackShaper(spec);
            HPackDecoder decoder = new HPackDecoder(4096, (CharsetDecoder) null);
            for (int i = 0; i < 500; i++) {
                for (int changes = random.nextInt(4); changes > 1; changes--) {
                    int size = random.nextInt(3) == 0 ? 0 : random.nextInt(6000);
                    shaper.peerTableSize(size);
                    decoder.setMaxTableSize(65_536);
                }
                assertDecodes(shaper, decoder, randomFields(random));
            }
        }
    }

    @Test
    void loweredAndRaisedTableIsAnnouncedByBothSizes() {
        HpackShaper shaper = new HpackShaper(CHROMIUM);
        shaper.peerTableSize(0);
        shaper.peerTableSize(8192);
        assertThat(encode(shaper, ":method", "GET")).isEqualTo("203fe13f82");
        assertThat(encode(shaper, ":method", "GET")).isEqualTo("82");
    }

    @Test
    void unchangedSizeIsAnnouncedByFirefoxOnly() {
        HpackShaper chromium = new HpackShaper(CHROMIUM);
        chromium.peerTableSize(4096);
        assertThat(encode(chromium, ":method", "GET")).isEqualTo("82");
        HpackShaper firefox = new HpackShaper(FIREFOX);
        firefox.peerTableSize(4096);
        assertThat(encode(firefox, ":method", "GET")).isEqualTo("3fe11f82");
    }

    @Test
    void tableGrowsNoLargerThanABrowsers() {
        HpackShaper shaper = new HpackShaper(CHROMIUM);
        shaper.peerTableSize(0xFFFF_FFFFL);
        assertThat(encode(shaper, ":method", "GET")).isEqualTo("3fe1ff0382");
    }

    @Test
    void emptyTableStillSendsLiterals() throws Exception {
        HpackShaper shaper = new HpackShaper(CHROMIUM);
        shaper.peerTableSize(0);
        assertThat(encode(shaper, "x-a", "1")).startsWith("2040");
        assertThat(encode(shaper, "x-a", "1")).startsWith("40");
    }

    @Test
    void everyOctetSurvivesHuffmanCoding() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            all.append(c);
        }
        HPackDecoder decoder = new HPackDecoder(65_536, (CharsetDecoder) null);
        FieldList fields = new FieldList(false);
        fields.add("x-all", all.toString());
        assertDecodes(new HpackShaper(FIREFOX), decoder, fields);
    }

    /** What is remembered of objects must be what a look-up of their text finds. */
    @Test
    void sameObjectsAreEncodedLikeEqualOnes() {
        for (HpackSpec spec : List.of(CHROMIUM, FIREFOX)) {
            Random random = new Random(11);
            HpackShaper same = new HpackShaper(spec);
            HpackShaper equal = new HpackShaper(spec);
            List<FieldList> blocks =
                    Stream.generate(() -> randomFields(random)).limit(6).toList();
            for (int i = 0; i < 2_000; i++) {
                if (random.nextInt(20) == 0) {
                    int size = random.nextInt(3) == 0 ? 0 : random.nextInt(6000);
                    same.peerTableSize(size);
                    equal.peerTableSize(size);
                }
                FieldList block = random.nextInt(10) == 0 ? randomFields(random) : blocks.get(random.nextInt(6));
                FieldList copy = new FieldList(false);
                for (int j = 0; j < block.size(); j++) {
                    copy.add(
                            new String(block.name(j).toCharArray()),
                            new String(block.value(j).toCharArray()));
                }
                same.encode(block);
                equal.encode(copy);
                assertThat(Arrays.copyOf(same.block(), same.length()))
                        .isEqualTo(Arrays.copyOf(equal.block(), equal.length()));
            }
        }
    }

    private static FieldList randomFields(Random random) {
        FieldList fields = new FieldList(false);
        String[] names = {
            ":path", "cookie", "accept", "authorization", "x-one", "x-two", "referer", "content-length", "user-agent"
        };
        for (int i = random.nextInt(30); i >= 0; i--) {
            StringBuilder value = new StringBuilder();
            for (int length = random.nextInt(random.nextInt(10) == 0 ? 3000 : 40); length > 0; length--) {
                value.append((char) ('!' + random.nextInt(random.nextInt(4) == 0 ? 200 : 3)));
            }
            String text = random.nextBoolean() ? Integer.toString(random.nextInt(20)) : value.toString();
            fields.add(names[random.nextInt(names.length)], text);
        }
        return fields;
    }

    private static void assertDecodes(HpackShaper shaper, HPackDecoder decoder, FieldList fields) throws Exception {
        shaper.encode(fields);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            expected.add(fields.name(i) + ": " + fields.value(i));
        }
        List<String> decoded = new ArrayList<>();
        for (Header field : decoder.decodeHeaders(ByteBuffer.wrap(shaper.block(), 0, shaper.length()))) {
            decoded.add(field.getName() + ": " + field.getValue());
        }
        assertThat(decoded).isEqualTo(expected);
    }

    private static String encode(HpackShaper shaper, String name, String value) {
        FieldList fields = new FieldList(false);
        fields.add(name, value);
        shaper.encode(fields);
        return HexFormat.of().formatHex(shaper.block(), 0, shaper.length());
    }
}
