package io.github.hc5.utls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stream that a blocking caller reads, whatever the pieces in which the body comes. */
@Timeout(30)
class BlockingResponseTest {

    private final BlockingResponse response = new BlockingResponse(null);
    private final List<Integer> granted = new ArrayList<>();
    private int completed;

    private void begin(long length) throws Exception {
        response.consumeResponse(
                new BasicHttpResponse(200),
                new BasicEntityDetails(length, ContentType.TEXT_PLAIN),
                HttpCoreContext.create(),
                new FutureCallback<>() {
                    @Override
                    public void completed(@Nullable Void result) {
                        completed++;
                    }

                    @Override
                    public void failed(Exception cause) {}

                    @Override
                    public void cancelled() {}
                });
        response.updateCapacity(granted::add);
    }

    private void piece(String text) {
        response.consume(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String rest() throws IOException {
        return new String(response.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aWholeBodyIsReadFromAnyPieces() throws Exception {
        Random random = new Random(7);
        StringBuilder all = new StringBuilder();
        begin(-1);
        for (int i = 0; i < 300; i++) {
            String text = "x".repeat(random.nextInt(200)) + i;
            all.append(text);
            piece(text);
        }
        response.streamEnd(null);
        assertThat(response.available()).isEqualTo(all.length());
        assertThat(new String(response.readNBytes(1000), StandardCharsets.UTF_8))
                .isEqualTo(all.substring(0, 1000));
        assertThat(response.readNBytes(0)).isEmpty();
        assertThat(rest()).isEqualTo(all.substring(1000));
        assertThat(response.readAllBytes()).isEmpty();
        assertThat(response.read()).isEqualTo(-1);
        assertThat(completed).isEqualTo(1);
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> response.readNBytes(-1));
    }

    @Test
    void whatIsMarkedIsReadAgain() throws Exception {
        begin(6);
        piece("abc");
        piece("def");
        response.streamEnd(null);
        assertThat(response.markSupported()).isTrue();
        response.mark(1);
        assertThat(response.read()).isEqualTo('a');
        response.reset();
        assertThat(response.available()).isEqualTo(6);
        response.mark(5);
        assertThat(response.readNBytes(2)).asString(StandardCharsets.UTF_8).isEqualTo("ab");
        response.reset();
        assertThat(response.readNBytes(5)).asString(StandardCharsets.UTF_8).isEqualTo("abcde");
        response.reset();
        assertThat(rest()).isEqualTo("abcdef");
        assertThatIOException().isThrownBy(response::reset).withMessageContaining("mark");
    }

    @Test
    void readingAgainOpensNoWindowTwice() throws Exception {
        begin(-1);
        String half = "y".repeat(128 * 1024);
        piece(half);
        response.mark(half.length());
        assertThat(response.readNBytes(half.length())).hasSize(half.length());
        response.reset();
        assertThat(response.readNBytes(half.length())).hasSize(half.length());
        assertThat(granted).containsExactly(256 * 1024, half.length());
        response.streamEnd(null);
        assertThat(rest()).isEmpty();
    }

    @Test
    void aBreakInsideTheBodyIsToldAfterWhatCame() throws Exception {
        begin(6);
        piece("abc");
        response.mark(8);
        assertThat(response.read()).isEqualTo('a');
        response.reset();
        response.failed(new IOException("reset by peer"));
        assertThat(response.readNBytes(3)).asString(StandardCharsets.UTF_8).isEqualTo("abc");
        assertThatIOException().isThrownBy(response::read).withMessage("reset by peer");
        assertThatIOException().isThrownBy(response::readAllBytes).withMessage("reset by peer");
    }

    @Test
    void theEndOfTheExchangeIsNoFailureOfAResponseThatIsWhole() throws Exception {
        begin(3);
        piece("abc");
        response.streamEnd(null);
        response.releaseResources();
        assertThat(rest()).isEqualTo("abc");
        response.close();
        response.close();
        assertThatIOException().isThrownBy(response::read).withMessage("the response is closed");
    }

    @Test
    void theEndOfTheExchangeBeforeThatOfTheBodyIsAFailure() throws Exception {
        begin(3);
        response.releaseResources();
        assertThatIOException().isThrownBy(response::read).withMessageContaining("cancelled");
    }
}
