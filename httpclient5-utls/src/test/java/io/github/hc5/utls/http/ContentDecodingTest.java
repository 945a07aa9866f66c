package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDecodingTest {

    /** A coding with an encoder of another hand. */
    record Coding(String name, UnaryOperator<byte[]> encoder) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Coding> codings() {
        return Stream.of(
                new Coding("gzip", ContentDecodingTest::gzip),
                new Coding("X-GZip", ContentDecodingTest::gzip),
                new Coding("deflate", content -> deflate(content, false)),
                new Coding("deflate", content -> deflate(content, true)),
                new Coding("br", ContentDecodingTest::brotli),
                new Coding("zstd", Zstd::compress),
                new Coding("gzip, zstd", content -> Zstd.compress(gzip(content))),
                new Coding("identity, br", ContentDecodingTest::brotli));
    }

    @ParameterizedTest
    @MethodSource("codings")
    void contentIsDecodedHoweverItIsCut(Coding coding) throws Exception {
        for (int size : new int[] {0, 1, 1000, 300_000}) {
            byte[] content = content(size);
            byte[] coded = coding.encoder().apply(content);
            for (int cut : new int[] {1, 7, 1021, Integer.MAX_VALUE}) {
                if (size < 300_000 || cut > 1) {
                    assertThat(decode(coding.name(), coded, cut)).isEqualTo(content);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("codings")
    void contentThatIsCutOffIsAnError(Coding coding) {
        byte[] coded = coding.encoder().apply(content(5000));
        byte[] half = Arrays.copyOf(coded, coded.length / 2);
        assertThatThrownBy(() -> decode(coding.name(), half, 100)).isInstanceOf(ContentDecodingException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd", "deflate"})
    void contentOfAnotherKindIsAnError(String coding) {
        byte[] text =
                "<html>this is not coded at all, whatever the header says</html>".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> decode(coding, text, 10)).isInstanceOf(ContentDecodingException.class);
    }

    @Test
    void emptyBodyIsEmptyContent() throws Exception {
        for (String coding : List.of("gzip", "deflate", "br", "zstd")) {
            assertThat(decode(coding, new byte[0], 1)).isEmpty();
        }
    }

    @Test
    void brotliInJavaAloneDecodesTheSame() throws Exception {
        byte[] content = content(200_000);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        ContentDecoder decoder = new BufferedBrotliDecoder();
        decoder.decode(ByteBuffer.wrap(brotli(content)), bytes -> copy(bytes, decoded));
        decoder.finish(bytes -> copy(bytes, decoded));
        assertThat(decoded.toByteArray()).isEqualTo(content);
    }

    @Test
    void severalGzipMembersAreOneContentAndWhatFollowsIsIgnored() throws Exception {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(gzip(new byte[] {1, 2}));
        members.writeBytes(gzip(new byte[] {3}));
        members.writeBytes(new byte[] {0, 0, 0});
        assertThat(decode("gzip", members.toByteArray(), 1)).containsExactly(1, 2, 3);
    }

    @Test
    void gzipHeaderMayHaveEveryOptionalField() throws Exception {
        byte[] plain = gzip(new byte[] {42});
        ByteArrayOutputStream full = new ByteArrayOutputStream();
        full.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0});
        full.writeBytes(new byte[] {3, 0, 9, 9, 9, 'n', 0, 'c', 'c', 0, 7, 7});
        full.write(plain, 10, plain.length - 10);
        assertThat(decode("gzip", full.toByteArray(), 1)).containsExactly(42);
    }

    @Test
    void wrongGzipChecksumIsAnError() {
        byte[] coded = gzip(content(100));
        coded[coded.length - 6] ^= 1;
        assertThatThrownBy(() -> decode("gzip", coded, 100)).hasMessageContaining("checksum");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void contentThatExpandsBeyondMeasureIsCutOff(String coding) {
        byte[] zeros = new byte[80 << 20];
        byte[] bomb = switch (coding) {
            case "gzip" -> gzip(zeros);
            case "deflate" -> deflate(zeros, false);
            case "br" -> brotli(zeros);
            default -> zstdWithSmallWindow(zeros);
        };
        assertThatThrownBy(() -> decode(coding, bomb, 1 << 14))
                .isInstanceOf(ContentDecodingException.class)
                .hasMessageContaining("allowed is 250 times");
    }

    @Test
    void zstdWindowAboveEightMebibytesIsRefused() {
        byte[] coded;
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setContentSize(false).setLong(24);
            coded = context.compress(new byte[17 << 20]);
        }
        assertThatThrownBy(() -> decode("zstd", coded, 100)).hasMessageContaining("zstd window");
    }

    @Test
    void unknownCodingAndPartialContentAreLeftAlone() throws Exception {
        BasicHttpResponse unknown = response("gzip, sdch");
        assertThat(DecodedBody.of(unknown, new Collector())).isNull();
        assertThat(unknown.containsHeader("Content-Encoding")).isTrue();
        BasicHttpResponse partial = response("gzip");
        partial.setCode(206);
        assertThat(DecodedBody.of(partial, new Collector())).isNull();
    }

    @Test
    void headLosesWhatIsTrueOfTheCodedContentOnly() throws Exception {
        BasicHttpResponse head = response("gzip");
        head.addHeader("Content-Length", "20");
        DecodedBody body = DecodedBody.of(head, new Collector());
        assertThat(body).isNotNull();
        assertThat(head.containsHeader("Content-Encoding")).isFalse();
        assertThat(head.containsHeader("Content-Length")).isFalse();
    }

    private static byte[] decode(String coding, byte[] coded, int cut) throws Exception {
        Collector collector = new Collector();
        DecodedBody body = DecodedBody.of(response(coding), collector);
        assertThat(body).isNotNull();
        try {
            for (int at = 0; at < coded.length; at += Math.min(cut, coded.length - at)) {
                body.consume(ByteBuffer.wrap(coded, at, Math.min(cut, coded.length - at)));
            }
            body.streamEnd(null);
        } finally {
            body.releaseResources();
            body.releaseResources();
        }
        assertThat(collector.ended).isTrue();
        return collector.content.toByteArray();
    }

    private static BasicHttpResponse response(String coding) {
        HttpResponse head = new BasicHttpResponse(200);
        head.addHeader("Content-Encoding", coding);
        return (BasicHttpResponse) head;
    }

    private static byte[] content(int size) {
        Random random = new Random(size);
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) "abcdefgh ".charAt(random.nextInt(9));
        }
        return content;
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] content, boolean bare) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(6, bare);
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, deflater)) {
            deflate.write(content);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static byte[] brotli(byte[] content) {
        Brotli4jLoader.ensureAvailability();
        try {
            return Encoder.compress(content, new Encoder.Parameters().setQuality(4));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static byte[] zstdWithSmallWindow(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(out, 3)) {
            zstd.write(content);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return out.toByteArray();
    }

    private static void copy(ByteBuffer bytes, ByteArrayOutputStream to) {
        while (bytes.hasRemaining()) {
            to.write(bytes.get());
        }
    }

    private static final class Collector implements AsyncDataConsumer {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private boolean ended;

        @Override
        public void updateCapacity(CapacityChannel channel) {}

        @Override
        public void consume(ByteBuffer src) {
            copy(src, content);
        }

        @Override
        public void streamEnd(@Nullable List<? extends Header> trailers) {
            ended = true;
        }

        @Override
        public void releaseResources() {}
    }
}
